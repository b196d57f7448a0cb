using System.Collections.Immutable;
using System.Numerics;

namespace Customer360.Rules.Routing;

/// <summary>Whose turn it is: <see cref="PoolLedger"/> says by which rule.</summary>
internal static class PoolTurnRule
{
    /// <summary>Below it, products of scale, weights and people fit 64 bits.</summary>
    private const long SmallMax = long.MaxValue / 8;

    public static PoolChoice Choose(PoolLedger ledger, ImmutableArray<PoolShare> eligible, bool isWhole)
    {
        if (eligible.IsDefaultOrEmpty)
        {
            throw new ArgumentException("Somebody must be eligible.", nameof(eligible));
        }

        if (eligible.Length == 1)
        {
            return new PoolChoice(eligible[0].PersonId, PoolReason.OnlyOne);
        }

        // Somebody may be owed several turns where eligibility differs, so the widest is looked at.
        long widest = 2;
        foreach (PoolStanding one in ledger.Standings)
        {
            widest = Math.Max(widest, (Math.Abs(one.Owed) / ledger.Scale) + 2);
        }

        Int128 largest = (Int128)ledger.Scale * PoolLedger.WeightOf(eligible) * (2 * eligible.Length) * widest;
        return largest < SmallMax ? Choose<long>(ledger, eligible, isWhole) : Choose<Int128>(ledger, eligible, isWhole);
    }

    private static PoolChoice Choose<T>(PoolLedger ledger, ImmutableArray<PoolShare> eligible, bool isWhole)
        where T : struct, IBinaryInteger<T>
    {
        T scale = T.CreateChecked(ledger.Scale);
        T weight = T.CreateChecked(PoolLedger.WeightOf(eligible));

        // All owed amounts below are in parts of 1 / (scale * weight), so that they are whole; h is 1 / (2k - 2).
        T turn = scale * weight;
        T fold = T.CreateChecked((2 * eligible.Length) - 2);
        Candidate<T>? best = null;
        PoolReason reason = PoolReason.EarliestDeadline;
        foreach (PoolShare share in eligible)
        {
            int place = ledger.PlaceOf(share.PersonId);
            PoolStanding? standing = place < 0 ? null : ledger.Standings[place];
            T own = T.CreateChecked(share.Weight);
            T owed = (T.CreateChecked(standing?.Owed ?? 0) * weight) + (own * scale);
            bool hasDeadline = isWhole && owed * fold >= turn;

            // How many turns from now until 1 - h would be owed.
            T deadline = hasDeadline ? Ceiling((turn * (fold - T.One)) - (owed * fold), own * scale * fold) : T.Zero;
            var candidate = new Candidate<T>(share.PersonId, hasDeadline, deadline, owed, standing?.LastTurn ?? 0);
            if (best is not { } leader)
            {
                best = candidate;
                continue;
            }

            (int order, PoolReason by) = Compare(candidate, leader);
            if (order < 0)
            {
                best = candidate;
            }

            // The closest comparison with the one who leads is why he leads.
            reason = order < 0 || by > reason ? by : reason;
        }

        return new PoolChoice(best!.Value.PersonId, reason);
    }

    private static (int Order, PoolReason By) Compare<T>(in Candidate<T> left, in Candidate<T> right)
        where T : struct, IBinaryInteger<T>
    {
        if (left.HasDeadline != right.HasDeadline)
        {
            return (left.HasDeadline ? -1 : 1, PoolReason.EarliestDeadline);
        }

        if (left.Deadline != right.Deadline)
        {
            return (left.Deadline.CompareTo(right.Deadline), PoolReason.EarliestDeadline);
        }

        if (left.Owed != right.Owed)
        {
            return (right.Owed.CompareTo(left.Owed), PoolReason.MostOwed);
        }

        return left.LastTurn != right.LastTurn
            ? (left.LastTurn.CompareTo(right.LastTurn), PoolReason.LongestAgo)
            : (string.CompareOrdinal(left.PersonId, right.PersonId), PoolReason.FirstId);
    }

    private static T Ceiling<T>(T dividend, T divisor)
        where T : struct, IBinaryInteger<T>
    {
        (T quotient, T remainder) = T.DivRem(dividend, divisor);
        return remainder > T.Zero ? quotient + T.One : quotient;
    }

    private readonly record struct Candidate<T>(string PersonId, bool HasDeadline, T Deadline, T Owed, long LastTurn)
        where T : struct;
}
