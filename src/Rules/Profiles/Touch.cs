namespace Customer360.Rules.Profiles;

/// <summary>
/// A message that is the first or the last of something: of two, time, then arrival decide.
/// </summary>
public readonly record struct Touch : IComparable<Touch>
{
    // Ticks and not a DateTimeOffset, which takes twice the room: every fold holds two touches.
    private readonly long _ticks;

    public Touch(DateTimeOffset at, string messageId, string source, Arrival arrival)
    {
        _ticks = at.UtcTicks;
        Arrival = arrival;
        MessageId = messageId;
        Source = source;
    }

    public DateTimeOffset At => new(_ticks, TimeSpan.Zero);

    public string MessageId { get; }

    public string Source { get; }

    public Arrival Arrival { get; }

    public int CompareTo(Touch other)
    {
        int byTime = _ticks.CompareTo(other._ticks);
        if (byTime != 0)
        {
            return byTime;
        }

        int byArrival = Arrival.CompareTo(other.Arrival);
        if (byArrival != 0)
        {
            return byArrival;
        }

        // Where neither has an arrival, the order of the release that stored them stands.
        int byMessage = string.CompareOrdinal(MessageId, other.MessageId);
        return byMessage != 0 ? byMessage : string.CompareOrdinal(Source, other.Source);
    }

    internal Touch WithoutArrival() => new(At, MessageId, Source, default);

    /// <summary>The first of two; null is none.</summary>
    public static Touch? First(Touch? left, Touch? right) =>
        left is { } one && right is { } other ? (one <= other ? one : other) : left ?? right;

    /// <summary>The last of two; null is none.</summary>
    public static Touch? Last(Touch? left, Touch? right) =>
        left is { } one && right is { } other ? (one >= other ? one : other) : left ?? right;

    public static bool operator <(Touch left, Touch right) => left.CompareTo(right) < 0;

    public static bool operator >(Touch left, Touch right) => left.CompareTo(right) > 0;

    public static bool operator <=(Touch left, Touch right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Touch left, Touch right) => left.CompareTo(right) >= 0;
}
