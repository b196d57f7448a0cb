using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Destinations;

/// <summary>Reads <c>destinations.yaml</c>.</summary>
internal sealed class DestinationPolicyReader(PolicyFile file)
{
    /// <summary>Each effect is a row for each of them that gets it.</summary>
    private const int DestinationsMax = 200;

    private const int NameLengthMax = 63;
    private const int KeepDaysMax = 365;
    private const int FreshnessSecondsMax = 7 * 24 * 3600;

    private static readonly string[] s_members =
    [
        "owner",
        "kind",
        "address",
        "secrets",
        "purpose",
        "role",
        "effects",
        "messages",
        "audiences",
        "traits",
        "identifiers",
        "limits",
        "freshness",
        "method",
        "headers",
        "body",
        "correction",
        "object",
        "key",
        "map",
        "format",
    ];

    public static string UnknownEffect(IEnumerable<string> known) =>
        $"There is no such effect. Known: {string.Join(", ", known)}.";

    /// <summary>The policy; null after a fault.</summary>
    public DestinationPolicy? Read()
    {
        ConfigSection root = file.Section("keep", "destinations");
        var keep = new ConfigSection("keep", root.Find("keep"), file.Faults, "sent", "others");
        int sent = keep.Whole("sent", 1, 1, KeepDaysMax)!.Value;
        int others = keep.Whole("others", 30, 1, KeepDaysMax)!.Value;
        var all = new ConfigSection("destinations", root.Find("destinations"), file.Faults);
        ConfigMember[] members = [.. all.Members];
        if (members.Length > DestinationsMax)
        {
            all.Fault(
                all.Line,
                "destinations",
                string.Create(CultureInfo.InvariantCulture, $"There may be {DestinationsMax} at most.")
            );
        }

        var destinations = ImmutableSortedDictionary.CreateBuilder<string, Destination>(StringComparer.Ordinal);
        foreach (ConfigMember member in members.Take(DestinationsMax))
        {
            if (Read(all, member) is { } destination)
            {
                destinations[destination.Name] = destination;
            }
        }

        return file.Faults.Count > 0
            ? null
            : new DestinationPolicy(destinations.ToImmutable())
            {
                KeepsSent = TimeSpan.FromDays(sent),
                KeepsOthers = TimeSpan.FromDays(others),
            };
    }

    private Destination? Read(ConfigSection all, ConfigMember member)
    {
        string path = all.PathOf(member.Name);
        if (!IsName(member.Name))
        {
            all.Fault(
                member.Line,
                path,
                "A name has lower case letters, digits and hyphens, and begins with a letter: 63 at most."
            );
        }

        var section = new ConfigSection(path, member.Value, file.Faults, s_members);
        int before = file.Faults.Count;
        if (section.Find("kind") is null)
        {
            section.Fault("kind", "It is missing.");
        }

        DestinationKind kind = section.Word("kind", DestinationKind.Webhook);
        string? address = section.RequiredText("address");
        DestinationOptionsReader options = new(section, kind, file.Faults);
        options.CheckAddress(address);

        ImmutableArray<EffectKind> effects = EffectsOf(section);
        // What is told of nobody needs neither: without them nothing of a person can be sent there.
        if (
            effects.Contains(EffectKind.QualityAlert) && kind is (DestinationKind.HubSpot or DestinationKind.Salesforce)
        )
        {
            section.Fault("effects", "A CRM has no records of alerts: quality.alert is for webhook, http and files.");
        }

        bool isOfNobody = effects is [EffectKind.QualityAlert];
        string? purpose = isOfNobody && section.Find("purpose") is null ? "" : section.RequiredText("purpose");
        string? role = isOfNobody && section.Find("role") is null ? "" : section.RequiredText("role");
        PolicyOwner? owner = file.OwnerOf(section);
        ImmutableArray<string> secrets = TextsOf(section, "secrets");
        if (kind is DestinationKind.Webhook or DestinationKind.HubSpot or DestinationKind.Salesforce && secrets.IsEmpty)
        {
            section.Fault("secrets", "It must name the setting that holds its secret.");
        }

        DestinationLimits limits = LimitsOf(section);
        HttpOptions? http = options.ReadHttp(address);
        CrmOptions? crm = options.ReadCrm();
        DeliveryFileOptions? files = options.ReadFiles();
        int freshness = section.Whole("freshness", 300, 1, FreshnessSecondsMax)!.Value;
        if (file.Faults.Count > before || address is null || purpose is null || role is null || owner is null)
        {
            return null;
        }

        return new Destination(member.Name, kind, address, purpose, role, owner)
        {
            Secrets = secrets,
            Effects = effects,
            Messages = TextsOf(section, "messages"),
            Audiences = TextsOf(section, "audiences"),
            Traits = TextsOf(section, "traits"),
            Identifiers = TextsOf(section, "identifiers"),
            Http = http,
            Crm = crm,
            Files = files,
            Limits = limits,
            Freshness = TimeSpan.FromSeconds(freshness),
        };
    }

    private static ImmutableArray<EffectKind> EffectsOf(ConfigSection section)
    {
        var kinds = ImmutableArray.CreateBuilder<EffectKind>();
        foreach (ConfigNode text in section.Texts("effects"))
        {
            EffectKind? kind = EffectKinds.ChosenWords.Contains(text.Text) ? EffectKinds.KindOf(text.Text) : null;
            if (kind is { } known)
            {
                kinds.Add(known);
            }
            else
            {
                section.Fault(
                    text.Line,
                    section.PathOf("effects"),
                    EffectKinds.Words.Contains(text.Text)
                        ? "It is told to whoever was sent the person before, and can't be chosen."
                        : UnknownEffect(EffectKinds.ChosenWords)
                );
            }
        }

        if (kinds.Count == 0)
        {
            section.Fault("effects", "It must name what is sent: " + string.Join(", ", EffectKinds.ChosenWords) + ".");
        }

        foreach (
            (string list, EffectKind[] of) in (ReadOnlySpan<(string, EffectKind[])>)
                [
                    ("messages", [EffectKind.Message]),
                    ("audiences", [EffectKind.AudienceEntered, EffectKind.AudienceLeft]),
                ]
        )
        {
            if (section.Find(list) is not null && !of.Any(kinds.Contains))
            {
                section.Fault(list, $"Its effects do not name {EffectKinds.WordOf(of[0])}.");
            }
        }

        return [.. kinds.Order()];
    }

    private DestinationLimits LimitsOf(ConfigSection section)
    {
        var limits = new ConfigSection(
            section.PathOf("limits"),
            section.Find("limits"),
            file.Faults,
            "perSecond",
            "concurrent",
            "batch",
            "timeout"
        );
        var standard = new DestinationLimits();
        return new DestinationLimits
        {
            PerSecond = limits.Whole("perSecond", standard.PerSecond, 1, 10_000)!.Value,
            Concurrent = limits.Whole("concurrent", standard.Concurrent, 1, 256)!.Value,
            Batch = limits.Whole("batch", standard.Batch, 1, 1_000)!.Value,
            Timeout = TimeSpan.FromSeconds(limits.Whole("timeout", (int)standard.Timeout.TotalSeconds, 1, 60)!.Value),
        };
    }

    /// <summary>The name of a destination, or of its folder.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && char.IsAsciiLetterLower(name[0])
        && name.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-');

    private static ImmutableArray<string> TextsOf(ConfigSection section, string name) =>
        [.. section.Texts(name).Select(text => text.Text)];
}
