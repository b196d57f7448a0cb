using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Touches that were credited and whose messages the log has no more: retention takes old pages away, and what they brought about stays.
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
