using System.Text.Json;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Attribution;

/// <summary>A form that somebody sent, as far as it tells whether the form works.</summary>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Form">The form's name as the message has it; <see cref="Unnamed"/> where it has none.</param>
/// <param name="HasIdentifier">It carries more than an anonymous id.</param>
/// <param name="HasCampaign">It has a campaign parameter or an ad's click id.</param>
/// <param name="Anchor">Whose it is.</param>
public readonly record struct SentForm(
    DateTimeOffset ReceivedAt,
    string Source,
    string Form,
    bool HasIdentifier,
    bool HasCampaign,
    Identifier Anchor
)
{
    public const string Unnamed = "(unnamed)";

    private const string AnonymousId = "anonymous_id";
    private const int NameMax = 100;

    // What is called name or id may be the person's.
    private static readonly string[] s_names = ["formName", "form_name", "formId", "form_id", "form"];

    /// <summary>Null where the message is no form.</summary>
    public static SentForm? Of(Envelope envelope, LogPlace place, VisitReader visits)
    {
        if (envelope is not { Kind: EventKind.Track, Name: LeadFactReader.FormEvent })
        {
            return null;
        }

        JsonElement? properties = EnvelopeProperties.Of(envelope, out JsonDocument document);
        using JsonDocument owned = document;
        string? name = properties is { } said
            ? s_names.Select(one => CrmJson.Text(said, one)).FirstOrDefault(one => one is not null)
            : null;
        return new SentForm(
            envelope.ReceivedAt,
            envelope.Source,
            name is { Length: <= NameMax } known ? known : Unnamed,
            envelope.Identifiers.Any(one => RegionalType.Base(one.Type) != AnonymousId),
            visits.Read(envelope, place)?.Evidence is TouchEvidence.ClickId or TouchEvidence.Tag,
            envelope.Anchor
        );
    }
}
