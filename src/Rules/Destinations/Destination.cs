using System.Collections.Immutable;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Destinations;

/// <summary>How a destination is spoken to.</summary>
public enum DestinationKind
{
    /// <summary>Signed notices by the Standard Webhooks specification.</summary>
    Webhook = 1,

    /// <summary>Requests by a template.</summary>
    Http = 2,

    /// <summary>Files in a folder, with a manifest.</summary>
    Files = 3,

    HubSpot = 4,

    Salesforce = 5,
}

/// <summary>Where effects are sent, what of them, and how fast.</summary>
/// <param name="Name">Lower case letters, digits and hyphens; the key of its grain and rows.</param>
/// <param name="Address">An https URL; of files the folder.</param>
/// <param name="Purpose">What the data is sent for: asked of consent whenever something is sent.</param>
/// <param name="Role">The role of <c>access.yaml</c> that says what of a profile the destination may hold.</param>
public sealed record Destination(
    string Name,
    DestinationKind Kind,
    string Address,
    string Purpose,
    string Role,
    PolicyOwner Owner
)
{
    /// <summary>Names of settings that hold secrets; of a webhook each signs, so that they can be rotated.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>The effects that it gets, beside those that it must be told.</summary>
    public ImmutableArray<EffectKind> Effects { get; init; } = [];

    /// <summary>Of messages only those of these names; empty: every one.</summary>
    public ImmutableArray<string> Messages { get; init; } = [];

    /// <summary>Of audiences only these; empty: every one.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary>Of traits only these; empty: all that the role sees.</summary>
    public ImmutableArray<string> Traits { get; init; } = [];

    /// <summary>Of identifiers only those of these types; empty: all that the role sees.</summary>
    public ImmutableArray<string> Identifiers { get; init; } = [];

    /// <summary>Of <c>http</c>: how a request is made; else null.</summary>
    public HttpOptions? Http { get; init; }

    /// <summary>Of a CRM: which records are written, by what they are found, and what is written; else null.</summary>
    public CrmOptions? Crm { get; init; }

    /// <summary>Of files: how they are written; else null.</summary>
    public DeliveryFileOptions? Files { get; init; }

    public DestinationLimits Limits { get; init; } = new();

    /// <summary>How old what is sent may be when it arrives. Default: five minutes.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// True where the effect waits for it. A merge or a split that it did not choose does, too: whoever was sent the one customer has the
    /// other, and by its row that is passed on, so that a later erasure or withdrawal reaches it. It is not sent.
    /// </summary>
    public bool Gets(Effect effect) =>
        effect.Kind is EffectKind.CustomersMerged or EffectKind.CustomerSplit || Chooses(effect);

    /// <summary>True where it is told the effect, if the person's consent and the fields allow it when it is sent.</summary>
    public bool Chooses(Effect effect) =>
        effect.Kind switch
        {
            EffectKind.PersonErased => true,
            EffectKind.ConsentWithdrawn => effect.Name == Purpose,
            EffectKind.Message => Effects.Contains(effect.Kind) && IsAmong(Messages, effect.Name),
            EffectKind.AudienceEntered or EffectKind.AudienceLeft => Effects.Contains(effect.Kind)
                && IsAmong(Audiences, effect.Name),
            _ => Effects.Contains(effect.Kind),
        };

    private static bool IsAmong(ImmutableArray<string> names, string name) =>
        names.IsEmpty || names.Contains(name, StringComparer.Ordinal);
}

/// <summary>How a request of <c>http</c> is made.</summary>
/// <param name="Headers">By name; <c>{secret.NAME}</c> stands for a secret.</param>
/// <param name="Body">Null: the same as webhooks get.</param>
public sealed record HttpOptions(string Method, ImmutableSortedDictionary<string, string> Headers, TemplateNode? Body)
{
    /// <summary>
    /// How it is told of what corrects what it has (withdrawals, erasures, merges, splits): by the request for data it would be one more
    /// person who has changed. Null: it can't be told.
    /// </summary>
    public HttpCorrection? Correction { get; init; }
}

/// <summary>How a correction is told, with the headers of the other requests.</summary>
/// <param name="Address">As of the destination.</param>
/// <param name="Method">Of <c>DELETE</c> without a body nothing is sent but the address.</param>
/// <param name="Body">Null: the same as webhooks get.</param>
public sealed record HttpCorrection(string Address, string Method, TemplateNode? Body)
{
    /// <summary>The values that its requests are made of.</summary>
    public IEnumerable<string> Paths => [.. HttpTemplate.PathsOf(Address), .. Body?.Paths ?? []];
}

/// <summary>What is written to a CRM.</summary>
/// <param name="Object">HubSpot: <c>contacts</c>; Salesforce: <c>Lead</c>.</param>
/// <param name="Key">The property or external id field by which a record is found; it is one of the fields, and an identifier.</param>
public sealed record CrmOptions(string Object, string Key, ImmutableSortedDictionary<string, FieldSource> Fields);

/// <summary>How files are written.</summary>
/// <param name="IsCsv">False: a JSON object a line.</param>
/// <param name="Columns">Of CSV, one of them the effect's type; empty: the same as webhooks get.</param>
public sealed record DeliveryFileOptions(bool IsCsv, ImmutableArray<(string Name, FieldSource Source)> Columns);

/// <summary>How much a destination is sent.</summary>
/// <remarks>They are of the destination, over all nodes: one grain sends.</remarks>
public sealed record DestinationLimits
{
    /// <summary>Requests a second. Default: 100.</summary>
    public int PerSecond { get; init; } = 100;

    /// <summary>Requests under way at once. Default: 8.</summary>
    public int Concurrent { get; init; } = 8;

    /// <summary>Items of one request, where the kind has batches. Default: 100.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>How long one try may take. Default: 15 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
