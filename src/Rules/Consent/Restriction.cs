using System.Collections.Immutable;

namespace Customer360.Rules.Consent;

/// <summary>
/// A person's data is kept and not used (GDPR article 18), because a request asks for it. Of one request two words join to one: what
/// is lifted stays lifted, so an older copy of a ledger brings nothing back.
/// </summary>
/// <param name="RequestId">The privacy request.</param>
/// <param name="At">Since when.</param>
/// <param name="LiftedAt">Until when; null: it is in force.</param>
public readonly record struct Restriction(string RequestId, DateTimeOffset At, DateTimeOffset? LiftedAt = null)
{
    public bool IsInForce => LiftedAt is null;

    /// <summary>Both in one, by request (ordinal).</summary>
    internal static ImmutableArray<Restriction> Join(
        ImmutableArray<Restriction> left,
        ImmutableArray<Restriction> right
    ) => left.IsEmpty || right.IsEmpty ? (left.IsEmpty ? right : left) : Sorted(left.Concat(right));

    internal static ImmutableArray<Restriction> Sorted(IEnumerable<Restriction> restrictions) =>
        [
            .. restrictions
                .GroupBy(one => one.RequestId, StringComparer.Ordinal)
                .Select(group => new Restriction(group.Key, group.Min(one => one.At), group.Min(one => one.LiftedAt)))
                .OrderBy(one => one.RequestId, StringComparer.Ordinal),
        ];
}
