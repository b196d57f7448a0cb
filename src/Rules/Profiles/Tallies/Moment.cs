using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles.Tallies;

/// <summary>An event that is counted: when it happened, and what of it is kept.</summary>
/// <param name="Ticks">Its time, UTC.</param>
/// <param name="Place">Its place in the log as one number: what decides between two of one time, and tells one event from another.</param>
/// <param name="Amount">What a sum adds up; 0 where there is none.</param>
/// <param name="Word">A property's value as a text; null: none is kept, or the event has none.</param>
public readonly record struct Moment(long Ticks, long Place, decimal Amount, string? Word) : IComparable<Moment>
{
    /// <summary>Characters of a word at most; a longer one is not kept.</summary>
    public const int WordLengthMax = 100;

    private const decimal AmountMax = 1_000_000_000_000m;
    private const int Decimals = 6;
    private const int PositionBits = 50;

    /// <summary>
    /// Amounts are cut to ±10¹² and six decimals, so sums of a billion of them are exact: a rounded sum would hang on the order.
    /// </summary>
    public static Moment Of(DateTimeOffset at, LogPlace place, decimal amount, string? word) =>
        new(
            at.UtcTicks,
            ((long)place.Partition << PositionBits) | place.Position,
            decimal.Round(Math.Clamp(amount, -AmountMax, AmountMax), Decimals),
            word is { Length: <= WordLengthMax } ? word : null
        );

    public int CompareTo(Moment other)
    {
        int byTime = Ticks.CompareTo(other.Ticks);
        return byTime != 0 ? byTime : Place.CompareTo(other.Place);
    }

    public static bool operator <(Moment left, Moment right) => left.CompareTo(right) < 0;

    public static bool operator >(Moment left, Moment right) => left.CompareTo(right) > 0;

    public static bool operator <=(Moment left, Moment right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Moment left, Moment right) => left.CompareTo(right) >= 0;
}

/// <summary>How many events of a day are counted, of those that are too many to be kept one by one.</summary>
/// <param name="Day">Days since 0001-01-01, UTC.</param>
public readonly record struct DayTally(int Day, long Count, decimal Sum)
{
    /// <summary>The day's beginning: the time at which all of them are taken to have happened.</summary>
    public long Ticks => Day * TimeSpan.TicksPerDay;
}
