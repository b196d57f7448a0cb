namespace Customer360.Rules.Consent;

/// <summary>One time that somebody said yes or no. What was said, and by whom, stands in its <see cref="ConsentSpan"/>.</summary>
/// <param name="At">Since when it counts, UTC: when it was said, and never later than it was received.</param>
/// <param name="CauseId">The message or request that said it.</param>
/// <param name="PolicyVersion">The consent policy by which it was understood.</param>
public readonly record struct ConsentWord(DateTimeOffset At, string CauseId, string PolicyVersion)
    : IComparable<ConsentWord>
{
    /// <summary>Of a grant: when it ends; null: it does not end by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What it was read from, for example a category's id, or what the caller wrote down; null where there is nothing.</summary>
    public string? Evidence { get; init; }

    /// <summary>By time. The rest only makes the order the same everywhere: it decides between no yes and no.</summary>
    public int CompareTo(ConsentWord other)
    {
        int order = At.UtcTicks.CompareTo(other.At.UtcTicks);
        order = order != 0 ? order : string.CompareOrdinal(CauseId, other.CauseId);
        order = order != 0 ? order : string.CompareOrdinal(PolicyVersion, other.PolicyVersion);
        order = order != 0 ? order : Nullable.Compare(Until, other.Until);
        return order != 0 ? order : string.CompareOrdinal(Evidence, other.Evidence);
    }

    public static bool operator <(ConsentWord left, ConsentWord right) => left.CompareTo(right) < 0;

    public static bool operator >(ConsentWord left, ConsentWord right) => left.CompareTo(right) > 0;

    public static bool operator <=(ConsentWord left, ConsentWord right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ConsentWord left, ConsentWord right) => left.CompareTo(right) >= 0;
}
