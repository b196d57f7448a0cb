using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Reads hits from messages: <c>properties.url</c> and <c>referrer</c>, <c>context.page</c> and <c>context.campaign</c>, as Segment's SDKs
/// send them. What a server says of an order is no visit, so a track without a page is none.
/// </summary>
/// <param name="aliases">Other names of sources: <c>linkedin.com</c> → <c>linkedin</c>.</param>
/// <param name="notTouches">Names of events that are conversions: what converts is no touch of its own.</param>
public sealed class VisitReader(
    Referrers referrers,
    ImmutableDictionary<string, string> aliases,
    FrozenSet<string> notTouches
)
{
    private const int PageLengthMax = 200;

    /// <summary>Null where the message is no visit.</summary>
    public VisitHit? Read(Envelope envelope, LogPlace place)
    {
        if (
            envelope.Kind is not (EventKind.Page or EventKind.Screen or EventKind.Track)
            || (envelope.Kind == EventKind.Track && envelope.Name is { } name && notTouches.Contains(name))
        )
        {
            return null;
        }

        JsonElement? found = EnvelopeProperties.Of(envelope, out JsonDocument document);
        using JsonDocument owned = document;
        JsonElement message = document.RootElement.GetProperty("message"u8);
        JsonElement? context = CrmJson.Member(message, "context");
        JsonElement? page = context is { } around ? CrmJson.Member(around, "page") : null;
        string? url = TextOf(found, "url") ?? TextOf(page, "url") ?? TextOf(found, "search") ?? TextOf(page, "search");
        JsonElement? campaign = context is { } inside ? CrmJson.Member(inside, "campaign") : null;
        if (envelope.Kind == EventKind.Track && url is null && campaign is null)
        {
            return null;
        }

        string? referrer = TextOf(found, "referrer") ?? TextOf(page, "referrer");
        VisitHit hit = Judge(VisitAddress.Read(url), campaign, referrer) with
        {
            At = envelope.Timestamp < envelope.ReceivedAt ? envelope.Timestamp : envelope.ReceivedAt,
            Arrival = Arrival.Of(envelope, place),
            HasAddress = url is not null || campaign is not null,
        };
        string? shown = TextOf(found, "path") ?? TextOf(page, "path") ?? envelope.Name;
        return hit with { Page = shown is { Length: <= PageLengthMax } ? shown : null };
    }

    /// <summary>Click id, then tags, then the referrer.</summary>
    internal VisitHit Judge(VisitAddress address, JsonElement? campaign, string? referrer)
    {
        CampaignFaults faults = address.Faults;
        var tagged = new TrafficSource(
            Alias(Clean("utm_source", "source", ref faults)),
            Clean("utm_medium", "medium", ref faults),
            Clean("utm_campaign", "name", ref faults)
        )
        {
            Content = Clean("utm_content", "content", ref faults),
            Term = Clean("utm_term", "term", ref faults),
        };
        string? host = Referrers.HostOf(referrer);
        ReferrerKind kind = referrers.KindOf(host, address.Host);
        (TrafficSource source, TouchEvidence evidence) = address.ClickId switch
        {
            { IsProof: true } paid => (
                tagged with
                {
                    Source = paid.Source,
                    Medium = paid.Medium,
                    // What an own tag of the page says of the same click is wrong.
                    Campaign = tagged.Campaign == "(organic)" ? "(cpc)" : tagged.Campaign,
                },
                TouchEvidence.ClickId
            ),
            // The others fill what tags leave open.
            { } hint => (
                tagged with
                {
                    Source = tagged.Source ?? hint.Source,
                    Medium = tagged.Medium ?? hint.Medium,
                },
                tagged.IsUnknown ? TouchEvidence.ClickId : TouchEvidence.Tag
            ),
            _ when !tagged.IsUnknown => (tagged, TouchEvidence.Tag),
            _ when kind == ReferrerKind.Site => (
                Referrers.SourceOf(host!) with
                {
                    Campaign = tagged.Campaign,
                    Content = tagged.Content,
                    Term = tagged.Term,
                },
                TouchEvidence.Referrer
            ),
            _ => (tagged, TouchEvidence.Direct),
        };
        return new VisitHit(default, default, source, evidence, kind) { Faults = faults, ReferrerHost = host };

        string? Clean(string parameter, string member, ref CampaignFaults faults) =>
            CampaignText.Clean(address[parameter] ?? TextOf(campaign, member), ref faults);
    }

    private string? Alias(string? source) =>
        source is not null && aliases.TryGetValue(source, out string? name) ? name : source;

    private static string? TextOf(JsonElement? parent, string name) =>
        parent is { } there ? CrmJson.Text(there, name) : null;
}
