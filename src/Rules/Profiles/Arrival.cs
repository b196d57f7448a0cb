using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>
/// When a message arrived among all others: what decides between two that happened at the same time. By time of receipt,
/// which rises from request to request and within one from message to message; where two nodes received something at once,
/// by partition and position. An id never decides: ids are random, and the later word would win by chance.
/// </summary>
/// <remarks>
/// The default stands for "not known": a release that did not note arrivals has stored states without them. It sorts first,
/// because whatever comes now comes later than what is stored. The value takes two numbers and not four, since every trait
/// of every customer has one.
/// </remarks>
public readonly record struct Arrival : IComparable<Arrival>
{
    // Partitions are at most 4,096, so both fit.
    private const int PositionBits = 50;

    private readonly long _receivedTicks;
    private readonly long _place;

    public Arrival(DateTimeOffset receivedAt, LogPlace place)
    {
        if (place.Partition < 0 || place.Position < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(place), place, "A place in the log is not negative.");
        }

        _receivedTicks = receivedAt.UtcTicks;
        _place = ((long)place.Partition << PositionBits) | place.Position;
    }

    public DateTimeOffset ReceivedAt => new(_receivedTicks, TimeSpan.Zero);

    public LogPlace Place => new((int)(_place >> PositionBits), _place & ((1L << PositionBits) - 1));

    /// <summary>False for the default, which states of an older release have.</summary>
    public bool IsKnown => _receivedTicks != 0;

    public static Arrival Of(Envelope envelope, LogPlace place) => new(envelope.ReceivedAt, place);

    public int CompareTo(Arrival other)
    {
        int byReceipt = _receivedTicks.CompareTo(other._receivedTicks);
        return byReceipt != 0 ? byReceipt : _place.CompareTo(other._place);
    }

    public static bool operator <(Arrival left, Arrival right) => left.CompareTo(right) < 0;

    public static bool operator >(Arrival left, Arrival right) => left.CompareTo(right) > 0;

    public static bool operator <=(Arrival left, Arrival right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Arrival left, Arrival right) => left.CompareTo(right) >= 0;
}
