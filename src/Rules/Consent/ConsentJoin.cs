using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Consent;

/// <summary>
/// What the ledgers of a customer's identifiers come to. Per identifier the latest word about it counts (of words of one time a
/// denial); the purpose is denied if one identifier denies, granted if one grants and none denies, else unknown.
/// </summary>
/// <remarks>
/// A word counts for each identifier that its message carried, as far as the customer holds it. So who says yes on a device where
/// a no was said takes that no back, and a yes on another device does not. A merge brings words and identifiers together and
/// changes neither, so no identifier comes to a yes by it that was not said about it. What a public source claims can deny at any
/// time, but it lifts no denial that a server or a request has stated: anybody may have sent it.
/// </remarks>
public static class ConsentJoin
{
    /// <summary>The statuses by the latest words. Grants that end are shown as granted, with their end.</summary>
    public static ConsentView View(ProfileMap map)
    {
        foreach (ProfileEntry entry in map.Entries)
        {
            if (!entry.Consent.IsEmpty)
            {
                return ConsentView.Of(
                    Gather(map, DateTimeOffset.MaxValue)
                        .Select(purpose => Effective(Counting(purpose.Value, DateTimeOffset.MinValue))),
                    // One restricted identifier restricts the person: of two that are merged the stricter counts.
                    map.Entries.Any(static one => one.Consent.IsRestricted)
                );
            }
        }

        return ConsentView.Empty;
    }

    /// <summary>How consent stood at a time, by purpose (ordinal). What was said later does not count.</summary>
    public static ImmutableArray<PurposeConsent> At(ProfileMap map, DateTimeOffset time) =>
        [
            .. Gather(map, time)
                .Select(purpose => Counting(purpose.Value, time))
                .Select(standings => new PurposeConsent(
                    Effective(standings),
                    [.. standings.OrderBy(one => one.Key).Select(one => new IdentifierConsent(one.Key, one.Value))]
                )),
        ];

    /// <summary>Purpose → identifier → the latest words there.</summary>
    private static SortedDictionary<string, Dictionary<Identifier, Latest>> Gather(ProfileMap map, DateTimeOffset time)
    {
        var purposes = new SortedDictionary<string, Dictionary<Identifier, Latest>>(StringComparer.Ordinal);
        foreach (ProfileEntry entry in map.Entries)
        {
            foreach (ConsentSpan span in entry.Consent.Spans)
            {
                if (span.At(time) is not { } word)
                {
                    continue;
                }

                var standing = new ConsentStanding(span.Purpose, span.Status, span.Form, span.Source, word)
                {
                    Until = word.Until,
                };
                if (span.Covers.IsEmpty)
                {
                    Offer(purposes, entry.Identifier, standing, span.IsClaimed);
                }

                foreach (Identifier covered in span.Covers)
                {
                    if (map.Holds(covered))
                    {
                        Offer(purposes, covered, standing, span.IsClaimed);
                    }
                }
            }

            foreach (LostDenial lost in entry.Consent.Lost)
            {
                // Nobody knows any more which identifiers it was about, so it was about all of them.
                DateTimeOffset at = lost.At < time ? lost.At : time;
                var denial = new ConsentStanding(
                    lost.Purpose,
                    ConsentStatus.Denied,
                    ConsentStanding.LostForm,
                    Source: "",
                    new ConsentWord(at, CauseId: "", PolicyVersion: "")
                );
                foreach (ProfileEntry held in map.Entries)
                {
                    Offer(purposes, held.Identifier, denial, isClaimed: false);
                }
            }
        }

        return purposes;
    }

    private static void Offer(
        SortedDictionary<string, Dictionary<Identifier, Latest>> purposes,
        Identifier identifier,
        ConsentStanding standing,
        bool isClaimed
    )
    {
        if (!purposes.TryGetValue(standing.Purpose, out Dictionary<Identifier, Latest>? identifiers))
        {
            purposes.Add(standing.Purpose, identifiers = []);
        }

        Latest known = identifiers.GetValueOrDefault(identifier);
        identifiers[identifier] = isClaimed
            ? known with
            {
                Claimed = Later(known.Claimed, standing),
            }
            : known with
            {
                Stated = Later(known.Stated, standing),
            };
    }

    private static Dictionary<Identifier, ConsentStanding> Counting(
        Dictionary<Identifier, Latest> identifiers,
        DateTimeOffset time
    ) => identifiers.ToDictionary(one => one.Key, one => one.Value.Counting.AsOf(time));

    private static ConsentStanding Later(ConsentStanding? known, ConsentStanding standing) =>
        known is null || IsLater(standing, known) ? standing : known;

    /// <summary>
    /// By time; of one time a denial counts before a grant. Of the same status at the same time any would do, and the order of the
    /// words makes it the same one everywhere.
    /// </summary>
    private static bool IsLater(ConsentStanding one, ConsentStanding other)
    {
        int order = one.Word.At.UtcTicks.CompareTo(other.Word.At.UtcTicks);
        order = order != 0 ? order : ((int)one.Status).CompareTo((int)other.Status);
        order = order != 0 ? order : CompareEnds(one.Until, other.Until);
        order = order != 0 ? order : one.Word.CompareTo(other.Word);
        order = order != 0 ? order : string.CompareOrdinal(one.Form, other.Form);
        return (order != 0 ? order : string.CompareOrdinal(one.Source, other.Source)) > 0;
    }

    /// <summary>Of two grants of one time the one that ends first counts.</summary>
    private static int CompareEnds(DateTimeOffset? one, DateTimeOffset? other) =>
        (other ?? DateTimeOffset.MaxValue).CompareTo(one ?? DateTimeOffset.MaxValue);

    /// <summary>Denied if one denies, granted if one grants; the latest word of those that decide is shown for all.</summary>
    private static ConsentStanding Effective(Dictionary<Identifier, ConsentStanding> identifiers)
    {
        ConsentStatus status =
            identifiers.Values.Any(one => one.Status == ConsentStatus.Denied) ? ConsentStatus.Denied
            : identifiers.Values.Any(one => one.Status == ConsentStatus.Granted) ? ConsentStatus.Granted
            : ConsentStatus.Unknown;
        ConsentStanding? decides = null;
        DateTimeOffset? until = default(DateTimeOffset);
        foreach (ConsentStanding one in identifiers.Values.Where(one => one.Status == status))
        {
            decides = decides is null || IsLater(one, decides) ? one : decides;
            until =
                one.Until is null || until is null ? null
                : one.Until > until ? one.Until
                : until;
        }

        return decides! with
        {
            Until = status == ConsentStatus.Denied ? null : until,
        };
    }

    /// <summary>What was said last about one identifier.</summary>
    /// <param name="Stated">By a server or a request, or by a browser with the user's signature.</param>
    /// <param name="Claimed">By a public source.</param>
    private readonly record struct Latest(ConsentStanding? Stated, ConsentStanding? Claimed)
    {
        public ConsentStanding Counting =>
            (Stated, Claimed) switch
            {
                ({ } stated, null) => stated,
                (null, { } claimed) => claimed,
                ({ Status: ConsentStatus.Denied } stated, { Status: ConsentStatus.Granted }) => stated,
                ({ } stated, { } claimed) => Later(stated, claimed),
                _ => throw new InvalidOperationException("Nothing was said."),
            };
    }
}
