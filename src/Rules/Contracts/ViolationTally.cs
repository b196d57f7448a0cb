using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts;

/// <summary>What is counted together.</summary>
/// <param name="Contract">The contract's title; <c>*</c>: an event that nobody has planned, or more than are told apart.</param>
/// <param name="Path">Where in the message; empty: the message as a whole.</param>
/// <param name="Kind">A keyword of JSON Schema, one of <see cref="ContractViolations"/>, or <c>deprecated</c>.</param>
public readonly record struct ViolationKey(string Contract, string Path, string Kind) : IComparable<ViolationKey>
{
    public int CompareTo(ViolationKey other)
    {
        int order = string.CompareOrdinal(Contract, other.Contract);
        order = order != 0 ? order : string.CompareOrdinal(Path, other.Path);
        return order != 0 ? order : string.CompareOrdinal(Kind, other.Kind);
    }

    public static bool operator <(ViolationKey left, ViolationKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ViolationKey left, ViolationKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ViolationKey left, ViolationKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ViolationKey left, ViolationKey right) => left.CompareTo(right) >= 0;
}

/// <param name="Count">Messages.</param>
/// <param name="FirstAt">When the first of them was received, UTC.</param>
/// <param name="LastAt">When the last of them was received, UTC.</param>
public readonly record struct ViolationCount(long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    public ViolationCount With(DateTimeOffset at) =>
        Count == 0
            ? new ViolationCount(1, at, at)
            : new ViolationCount(Count + 1, at < FirstAt ? at : FirstAt, at > LastAt ? at : LastAt);
}

/// <summary>What a stored message adds to the counts of its source.</summary>
/// <param name="Position">Its place in its partition.</param>
public readonly record struct ViolationFinding(long Position, DateTimeOffset At, ImmutableArray<ViolationKey> Keys)
{
    /// <summary>Null where there is nothing to count. One that comes out of quarantine was counted when it went there.</summary>
    public static ViolationFinding? Of(Envelope envelope, long position)
    {
        if (envelope.Contract is not { ReleasedFrom: null } judgement)
        {
            return null;
        }

        string contract = judgement.Contract ?? ViolationTally.Other;
        ImmutableArray<ViolationKey> keys =
        [
            .. judgement
                .Violations.Select(one => new ViolationKey(contract, one.Path, one.Kind))
                .Concat(judgement.IsDeprecated ? [new ViolationKey(contract, "", ViolationTally.Deprecated)] : [])
                .Distinct(),
        ];
        return keys.IsEmpty ? null : new ViolationFinding(position, envelope.ReceivedAt, keys);
    }
}

/// <summary>
/// The violations of a source, counted. Each partition tells of its messages in its order, and may tell of some again after a crash: how
/// far it was counted stands beside the counts, so none counts twice. No name or value of a person is in it.
/// </summary>
/// <param name="CountedTo">By partition: up to which position.</param>
public sealed record ViolationTally(
    ImmutableSortedDictionary<int, long> CountedTo,
    ImmutableSortedDictionary<ViolationKey, ViolationCount> Counts
)
{
    /// <summary>For an event that nobody has planned: its name may hold a person's data.</summary>
    public const string Other = "*";

    /// <summary>The message keeps a version that its source should leave.</summary>
    public const string Deprecated = "deprecated";

    /// <summary>Rows of a source. What comes beyond is counted in one.</summary>
    public const int RowsMax = 2_000;

    public static ViolationTally Empty { get; } =
        new(ImmutableSortedDictionary<int, long>.Empty, ImmutableSortedDictionary<ViolationKey, ViolationCount>.Empty);

    /// <summary>The counts with what a partition tells; the same object where it has told it before.</summary>
    /// <param name="partition">That partition.</param>
    /// <param name="findings">By rising position.</param>
    public ViolationTally With(int partition, ImmutableArray<ViolationFinding> findings)
    {
        long to = CountedTo.GetValueOrDefault(partition);
        ImmutableSortedDictionary<ViolationKey, ViolationCount>.Builder? counts = null;
        foreach (ViolationFinding finding in findings)
        {
            if (finding.Position <= to)
            {
                continue;
            }

            counts ??= Counts.ToBuilder();
            to = finding.Position;
            foreach (ViolationKey key in finding.Keys)
            {
                ViolationKey row =
                    counts.Count < RowsMax || counts.ContainsKey(key) ? key : new ViolationKey(Other, "", "other");
                counts[row] = counts.GetValueOrDefault(row).With(finding.At);
            }
        }

        return counts is null ? this : new ViolationTally(CountedTo.SetItem(partition, to), counts.ToImmutable());
    }
}
