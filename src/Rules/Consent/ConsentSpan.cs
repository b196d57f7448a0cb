using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Consent;

/// <summary>
/// All times that one source said the same of one purpose, about the same identifiers. Wrappers put their categories on each
/// message, so of a span only the first word and the latest ones are kept. Immutable.
/// </summary>
public sealed record ConsentSpan
{
    /// <summary>Words that are kept of a span: the first, and so many less one of the latest.</summary>
    public const int WordsMax = 10;

    /// <summary><see cref="ConsentStatus.Granted"/> or <see cref="ConsentStatus.Denied"/>.</summary>
    public required ConsentStatus Status { get; init; }

    public required string Purpose { get; init; }

    /// <summary>How it was written: <c>segment</c>, <c>tcf</c>, … or <c>api</c>.</summary>
    public required string Form { get; init; }

    /// <summary>Of a message its source, of a request the caller's name.</summary>
    public required string Source { get; init; }

    /// <summary>A public source said it (a browser, an app): anybody may have sent it.</summary>
    public bool IsClaimed { get; init; }

    /// <summary>
    /// The identifiers that it is about, in their order; empty: the one under which the ledger stands, and no other.
    /// </summary>
    public ImmutableArray<Identifier> Covers { get; init; } = [];

    /// <summary>By time; at least one.</summary>
    public required ImmutableArray<ConsentWord> Words { get; init; }

    /// <summary>The time of the latest word that was forgotten; null where all words are here.</summary>
    public DateTimeOffset? GapUntil { get; init; }

    public ConsentWord First => Words[0];

    public ConsentWord Last => Words[^1];

    /// <summary>
    /// Of too many spans the first stay: what people said by requests, which no message can push out, and then denials.
    /// </summary>
    public static int CompareKeys(ConsentSpan left, ConsentSpan right)
    {
        int order = (right.Form == ConsentSpanForms.Api).CompareTo(left.Form == ConsentSpanForms.Api);
        order = order != 0 ? order : ((int)right.Status).CompareTo((int)left.Status);
        order = order != 0 ? order : string.CompareOrdinal(left.Purpose, right.Purpose);
        order = order != 0 ? order : string.CompareOrdinal(left.Form, right.Form);
        order = order != 0 ? order : string.CompareOrdinal(left.Source, right.Source);
        order = order != 0 ? order : left.IsClaimed.CompareTo(right.IsClaimed);
        return order != 0 ? order : left.Covers.AsSpan().SequenceCompareTo(right.Covers.AsSpan());
    }

    /// <summary>Both spans in one. Commutative, associative, idempotent. The same object where that is the left one.</summary>
    public static ConsentSpan Join(ConsentSpan left, ConsentSpan right)
    {
        ImmutableArray<ConsentWord> words = Union(left.Words, right.Words);
        DateTimeOffset? gap = Later(left.GapUntil, right.GapUntil);
        if (words.Length > WordsMax)
        {
            int forgotten = words.Length - WordsMax;
            gap = Later(gap, words[forgotten].At);
            words = words.RemoveRange(1, forgotten);
        }

        return words.AsSpan().SequenceEqual(left.Words.AsSpan()) && gap == left.GapUntil
            ? left
            : left with
            {
                Words = words,
                GapUntil = gap,
            };
    }

    /// <summary>
    /// The word that counted at a time; null where there was none yet. Where words were forgotten a denial is taken to have been
    /// repeated until the last of those: what is not known any more is never taken for a grant.
    /// </summary>
    public ConsentWord? At(DateTimeOffset time)
    {
        ConsentWord? found = null;
        foreach (ConsentWord word in Words)
        {
            if (word.At > time)
            {
                break;
            }

            found = word;
        }

        return found is { } known && Status == ConsentStatus.Denied && GapUntil is { } gap && known.At < gap
            ? known with
            {
                At = time < gap ? time : gap,
            }
            : found;
    }

    public bool Equals(ConsentSpan? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && CompareKeys(this, other) == 0
            && GapUntil == other.GapUntil
            && Words.AsSpan().SequenceEqual(other.Words.AsSpan())
        );

    public override int GetHashCode() => HashCode.Combine(Status, Purpose, Source, Words.Length, Last);

    internal static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right > left ? right : left;

    private static ImmutableArray<ConsentWord> Union(
        ImmutableArray<ConsentWord> left,
        ImmutableArray<ConsentWord> right
    )
    {
        var words = ImmutableArray.CreateBuilder<ConsentWord>(left.Length + right.Length);
        int leftIndex = 0;
        int rightIndex = 0;
        while (leftIndex < left.Length || rightIndex < right.Length)
        {
            int order =
                leftIndex == left.Length ? 1
                : rightIndex == right.Length ? -1
                : left[leftIndex].CompareTo(right[rightIndex]);
            words.Add(order <= 0 ? left[leftIndex] : right[rightIndex]);
            leftIndex += order <= 0 ? 1 : 0;
            rightIndex += order >= 0 ? 1 : 0;
        }

        return words.DrainToImmutable();
    }
}
