using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Touches that were credited and of whose messages the log has less now, or nothing: retention takes addresses and referrers out of old
/// pages, and what they brought about stays.
/// </summary>
public static class KeptTouches
{
    private const int MarkBytes = 8;

    /// <summary>
    /// Tells identifiers apart without naming them: 16 hexadecimal digits. It is kept beside a touch as long as that is a participant's.
    /// </summary>
    public static string MarkOf(Identifier identifier) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"touch {identifier}")).AsSpan(0, MarkBytes));

    /// <summary>Those of a credit that are this person's: by the mark of its identifier; without one, by whose it was.</summary>
    /// <param name="customers">Who she was when it was credited, and is now.</param>
    /// <param name="marks">Of all her identifiers.</param>
    public static IEnumerable<CreditedTouch> Of(
        ConversionCredit credit,
        IReadOnlySet<string> customers,
        IReadOnlySet<string> marks
    ) =>
        credit.Touches.Where(touch =>
            touch.Anchor is { } mark ? marks.Contains(mark) : customers.Contains(touch.CustomerId)
        );

    /// <summary>
    /// The touch as a message of which only that is known: it is cut with those that the log still has, so that the rest of its visit begins
    /// no other one. Null of one that might not be used: where it came from was not kept.
    /// </summary>
    public static VisitHit? HitOf(CreditedTouch touch) =>
        touch.Touch is { } known
            ? new VisitHit(
                known.At,
                new Arrival(known.At, known.Place),
                known.Source,
                known.Evidence,
                ReferrerKind.None
            )
            {
                Faults = known.Faults,
                Page = known.Page,
            }
            : null;

    /// <summary>The hits of a person as they were when they were credited.</summary>
    /// <param name="hits">What the log has now.</param>
    /// <param name="credited">Touches of the person that were credited (<see cref="Of"/>).</param>
    /// <param name="isGone">The log has nothing at all of a touch's message any more.</param>
    /// <param name="wasSeen">The hit was looked at when they were credited.</param>
    /// <returns>The hits, and touches of which nothing more is known than that they might not be used.</returns>
    public static (ImmutableArray<VisitHit> Hits, ImmutableArray<CreditedTouch> Withheld) Complete(
        IReadOnlyCollection<VisitHit> hits,
        IReadOnlyCollection<CreditedTouch> credited,
        Func<CreditedTouch, bool> isGone,
        Func<VisitHit, bool> wasSeen
    )
    {
        var byPlace = credited.DistinctBy(touch => touch.Place).ToDictionary(touch => touch.Place);
        var complete = ImmutableArray.CreateBuilder<VisitHit>(hits.Count);
        var withheld = ImmutableArray.CreateBuilder<CreditedTouch>();
        foreach (VisitHit hit in hits)
        {
            if (byPlace.Remove(hit.Arrival.Place, out CreditedTouch? touch))
            {
                if (touch.Touch is null && hit.IsBare)
                {
                    withheld.Add(touch);
                    complete.Add(hit with { Begins = false });
                }
                else
                {
                    complete.Add(touch.Touch is { } known && SaysLess(hit, known) ? HitOf(touch)! : hit);
                }
            }
            else
            {
                // It went on with a visit, or was left out for spam: what is left of it must not look like a visit from nowhere.
                complete.Add(hit.IsBare && wasSeen(hit) ? hit with { Begins = false } : hit);
            }
        }

        foreach (CreditedTouch touch in byPlace.Values.Where(isGone))
        {
            if (HitOf(touch) is { } hit)
            {
                complete.Add(hit);
            }
            else
            {
                withheld.Add(touch);
            }
        }

        return (complete.ToImmutable(), withheld.ToImmutable());
    }

    /// <summary>What was read then can't be read any more. Another rule may read it otherwise; then it is still there to be read.</summary>
    private static bool SaysLess(VisitHit hit, JourneyTouch touch) =>
        touch.Evidence switch
        {
            TouchEvidence.ClickId or TouchEvidence.Tag => !hit.HasAddress,
            TouchEvidence.Referrer or TouchEvidence.Continued => hit.ReferrerHost is null,
            _ => false,
        };

    /// <summary>One that might not be used stays so: it counts, and nobody knows whose channel's it was.</summary>
    public static PersonTouch Withheld(CreditedTouch touch, string customerId) =>
        new(
            customerId,
            new JourneyTouch(touch.At, touch.Place, TrafficSource.Unknown, "", TouchEvidence.Direct),
            MayBeUsed: false
        )
        {
            Anchor = touch.Anchor,
        };
}
