using System.Collections.Immutable;

namespace Customer360.Rules.Consent;

/// <summary>A denial that a ledger had no room for: when it was said last.</summary>
public readonly record struct LostDenial(string Purpose, DateTimeOffset At);

/// <summary>
/// What was said about consent in the messages of one identifier, and under it, and what requests have restricted. Immutable. Words come in any order, ledgers join
/// in any grouping, and joining twice changes nothing: the same words give the same ledger.
/// </summary>
/// <remarks>
/// A ledger is bounded. Of each span the first word and the latest ones are kept (<see cref="ConsentSpan"/>). Of too many spans
/// those with the smallest keys are kept, as in a fold. Requests have the smallest, since a request must be able to lift what
/// messages have piled up, and denials have smaller ones than grants. A grant that is dropped grants nothing. Of a denial that is
/// dropped its time stays (<see cref="Lost"/>): from then on the purpose counts as denied, until each identifier has a later word
/// of a server or a request. So the bound never widens a consent.
/// </remarks>
public sealed class ConsentLedger : IEquatable<ConsentLedger>
{
    public const int SpansMax = 200;

    private ConsentLedger(
        ImmutableArray<ConsentSpan> spans,
        ImmutableArray<LostDenial> lost,
        ImmutableArray<Restriction> restrictions
    ) => (Spans, Lost, Restrictions) = (spans, lost, restrictions);

    public static ConsentLedger Empty { get; } = new([], [], []);

    /// <summary>By key.</summary>
    public ImmutableArray<ConsentSpan> Spans { get; }

    /// <summary>By purpose (ordinal), each once.</summary>
    public ImmutableArray<LostDenial> Lost { get; }

    /// <summary>What requests have restricted, lifted or not, by request (ordinal). Officers make them, so they are few.</summary>
    public ImmutableArray<Restriction> Restrictions { get; }

    public bool IsEmpty => Spans.IsEmpty && Lost.IsEmpty && Restrictions.IsEmpty;

    /// <summary>Nothing may be used for a purpose: at least one restriction is in force.</summary>
    public bool IsRestricted => Restrictions.Any(static one => one.IsInForce);

    /// <summary>A ledger of spans in any order; several of one key become one.</summary>
    public static ConsentLedger Of(
        IEnumerable<ConsentSpan> spans,
        IEnumerable<LostDenial> lost,
        params IEnumerable<Restriction> restrictions
    )
    {
        ConsentLedger ledger = new([], Sorted(lost), Restriction.Sorted(restrictions));
        foreach (ConsentSpan span in spans)
        {
            ledger = Join(ledger, new ConsentLedger([span], [], []));
        }

        return ledger.IsEmpty ? Empty : ledger;
    }

    /// <summary>The ledger with more words in it.</summary>
    public ConsentLedger With(params IEnumerable<ConsentSpan> spans) => Join(this, Of(spans, []));

    /// <summary>Both ledgers in one. The same object where that is the left one.</summary>
    public static ConsentLedger Join(ConsentLedger left, ConsentLedger right)
    {
        if (left.IsEmpty || right.IsEmpty || ReferenceEquals(left, right))
        {
            return left.IsEmpty ? right : left;
        }

        var spans = ImmutableArray.CreateBuilder<ConsentSpan>(left.Spans.Length + right.Spans.Length);
        int leftIndex = 0;
        int rightIndex = 0;
        while (leftIndex < left.Spans.Length || rightIndex < right.Spans.Length)
        {
            int order =
                leftIndex == left.Spans.Length ? 1
                : rightIndex == right.Spans.Length ? -1
                : ConsentSpan.CompareKeys(left.Spans[leftIndex], right.Spans[rightIndex]);
            spans.Add(
                order < 0 ? left.Spans[leftIndex]
                : order > 0 ? right.Spans[rightIndex]
                : ConsentSpan.Join(left.Spans[leftIndex], right.Spans[rightIndex])
            );
            leftIndex += order <= 0 ? 1 : 0;
            rightIndex += order >= 0 ? 1 : 0;
        }

        ImmutableArray<LostDenial> lost = left.Lost;
        if (spans.Count > SpansMax || !right.Lost.IsEmpty)
        {
            IEnumerable<LostDenial> dropped = spans
                .Skip(SpansMax)
                .Where(span => span.Status == ConsentStatus.Denied)
                .Select(span => new LostDenial(span.Purpose, span.Last.At));
            lost = Sorted(left.Lost.Concat(right.Lost).Concat(dropped));
            spans.Count = Math.Min(spans.Count, SpansMax);
        }

        var joined = new ConsentLedger(
            spans.DrainToImmutable(),
            lost,
            Restriction.Join(left.Restrictions, right.Restrictions)
        );
        return joined.Equals(left) ? left : joined;
    }

    /// <summary>True where a request has been written down here.</summary>
    public bool Knows(string causeId) => Spans.Any(span => span.Words.Any(word => word.CauseId == causeId));

    public bool Equals(ConsentLedger? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Spans.AsSpan().SequenceEqual(other.Spans.AsSpan())
            && Lost.AsSpan().SequenceEqual(other.Lost.AsSpan())
            && Restrictions.AsSpan().SequenceEqual(other.Restrictions.AsSpan())
        );

    public override bool Equals(object? obj) => Equals(obj as ConsentLedger);

    public override int GetHashCode() => HashCode.Combine(Spans.Length, Lost.Length);

    private static ImmutableArray<LostDenial> Sorted(IEnumerable<LostDenial> lost) =>
        [
            .. lost.GroupBy(one => one.Purpose, StringComparer.Ordinal)
                .Select(group => new LostDenial(group.Key, group.Max(one => one.At)))
                .OrderBy(one => one.Purpose, StringComparer.Ordinal),
        ];
}
