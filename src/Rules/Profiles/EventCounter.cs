using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>How often an event (or page, or screen) was seen under its name, and when first and last.</summary>
/// <remarks>
/// The name is empty for messages of a kind without names (identify, group, alias), for pages and screens without one,
/// and for names longer than <see cref="ProfileFold.NameLengthMax"/>: so the counts add up to the messages.
/// </remarks>
public readonly struct EventCounter : IEquatable<EventCounter>, IFoldEntry<EventCounter>
{
    private readonly long _firstTicks;
    private readonly long _lastTicks;

    public EventCounter(EventKind kind, string name, long count, DateTimeOffset firstAt, DateTimeOffset lastAt)
        : this(kind, name, count, firstAt.UtcTicks, lastAt.UtcTicks) { }

    private EventCounter(EventKind kind, string name, long count, long firstTicks, long lastTicks)
    {
        Kind = kind;
        Name = name;
        Count = count;
        _firstTicks = firstTicks;
        _lastTicks = lastTicks;
    }

    public EventKind Kind { get; }

    public string Name { get; }

    public long Count { get; }

    public DateTimeOffset FirstAt => new(_firstTicks, TimeSpan.Zero);

    public DateTimeOffset LastAt => new(_lastTicks, TimeSpan.Zero);

    /// <summary>Kind (as numbered), then name (ordinal).</summary>
    public static int CompareKeys(in EventCounter left, in EventCounter right)
    {
        int byKind = ((int)left.Kind).CompareTo((int)right.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(left.Name, right.Name);
    }

    public static bool TryCombine(in EventCounter left, in EventCounter right, out EventCounter combined)
    {
        combined = new EventCounter(
            left.Kind,
            left.Name,
            left.Count + right.Count,
            Math.Min(left._firstTicks, right._firstTicks),
            Math.Max(left._lastTicks, right._lastTicks)
        );
        return true;
    }

    public bool Equals(EventCounter other) =>
        Kind == other.Kind
        && Count == other.Count
        && _firstTicks == other._firstTicks
        && _lastTicks == other._lastTicks
        && string.Equals(Name, other.Name, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is EventCounter other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Kind, Name, Count, _firstTicks, _lastTicks);

    public static bool operator ==(EventCounter left, EventCounter right) => left.Equals(right);

    public static bool operator !=(EventCounter left, EventCounter right) => !left.Equals(right);
}
