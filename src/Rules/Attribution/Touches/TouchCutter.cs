using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Attribution;

/// <summary>The beginning of a visit, or of another one within it because it came from elsewhere.</summary>
/// <param name="Place">Of the message that began it: names the touch.</param>
/// <param name="Channel">By the table of channels.</param>
public sealed record JourneyTouch(
    DateTimeOffset At,
    LogPlace Place,
    TrafficSource Source,
    string Channel,
    TouchEvidence Evidence
)
{
    public CampaignFaults Faults { get; init; }

    /// <summary>The page or screen that it began on; null: it does not say.</summary>
    public string? Page { get; init; }

    /// <summary>It is known for spam: no model gives it anything.</summary>
    public bool IsExcluded { get; init; }

    public bool IsDirect => Source.IsDirect;
}

/// <summary>
/// Cuts the hits of one person into touches: a hit more than so long after the one before it begins a new visit, and so does one that
/// says to come from elsewhere. Midnight begins none (as in GA4).
/// </summary>
/// <param name="idle">30 minutes, the web's customary rule; exactly so much still belongs to the visit.</param>
/// <param name="channelOf">The table of channels.</param>
public sealed class TouchCutter(TimeSpan idle, Func<TrafficSource, string> channelOf)
{
    private VisitHit? _before;
    private TrafficSource _source = TrafficSource.Unknown;
    private string? _referrerHost;
    private bool _isExcluded;

    /// <summary>All touches of a person, in order of time; of one time in order of arrival.</summary>
    public static ImmutableArray<JourneyTouch> Cut(
        IEnumerable<VisitHit> hits,
        TimeSpan idle,
        Func<TrafficSource, string> channelOf
    )
    {
        var cutter = new TouchCutter(idle, channelOf);
        return [.. hits.OrderBy(hit => hit.At).ThenBy(hit => hit.Arrival).Select(cutter.Take).OfType<JourneyTouch>()];
    }

    /// <summary>Takes the next hit; the touch that it begins, or null.</summary>
    private JourneyTouch? Take(VisitHit hit)
    {
        bool isNewVisit = _before is null || hit.At - _before.At > idle;
        bool isFirst = _before is null;
        _before = hit;
        if (!hit.Begins)
        {
            return null;
        }

        if (hit.Referrer == ReferrerKind.Spam && hit.Evidence == TouchEvidence.Direct)
        {
            if (!isNewVisit)
            {
                return null;
            }

            (_source, _isExcluded) = (TrafficSource.Unknown, true);
            return Begin(hit, TouchEvidence.Referrer);
        }

        if (hit.Evidence == TouchEvidence.Direct)
        {
            if (!isNewVisit)
            {
                return null;
            }

            if (hit.Referrer == ReferrerKind.Continues && !isFirst && !_isExcluded)
            {
                // Back from a payment, or from a page that was left open: where it came from is known.
                return Begin(hit, TouchEvidence.Continued);
            }

            (_source, _isExcluded) = (TrafficSource.Unknown, false);
            return Begin(hit, TouchEvidence.Direct);
        }

        if (!isNewVisit && !_isExcluded && (IsSame(hit.Source, _source) || IsOldReferrer(hit)))
        {
            return null;
        }

        (_source, _isExcluded) = (hit.Source, false);
        return Begin(hit, hit.Evidence);
    }

    /// <summary>The content and the term of an ad make no other visit.</summary>
    private static bool IsSame(TrafficSource one, TrafficSource other) =>
        one.Source == other.Source && one.Medium == other.Medium && one.Campaign == other.Campaign;

    /// <summary>A page that changes without being loaded anew goes on naming where the first one came from.</summary>
    private bool IsOldReferrer(VisitHit hit) =>
        hit.Evidence == TouchEvidence.Referrer && hit.ReferrerHost == _referrerHost;

    private JourneyTouch Begin(VisitHit hit, TouchEvidence evidence)
    {
        _referrerHost = hit.ReferrerHost;
        return new JourneyTouch(hit.At, hit.Arrival.Place, _source, channelOf(_source), evidence)
        {
            Faults = hit.Faults,
            Page = hit.Page,
            IsExcluded = _isExcluded,
        };
    }
}

/// <summary>The words for evidence and faults, on the wire and in states.</summary>
public static class TouchWords
{
    public static string Of(TouchEvidence evidence) => JsonNamingPolicy.CamelCase.ConvertName(evidence.ToString());

    public static ImmutableArray<string> Of(CampaignFaults faults) =>
        [
            .. Enum.GetValues<CampaignFaults>()
                .Where(fault => fault != CampaignFaults.None && faults.HasFlag(fault))
                .Select(fault => JsonNamingPolicy.CamelCase.ConvertName(fault.ToString())),
        ];
}
