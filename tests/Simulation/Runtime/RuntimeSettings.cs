namespace Customer360.Simulation.Runtime;

/// <summary>
/// Where the runtime promises no more than Orleans does. As it is made, it promises most: calls arrive at once, nothing is
/// serialized, reminders are punctual, an activation is the only one. Rates are in thousandths.
/// </summary>
public sealed record RuntimeSettings
{
    /// <summary>
    /// Which calls arrive by a step of their own, so that others overtake them. Orleans keeps no order between two grains:
    /// a message may be forwarded, or wait for an activation's address.
    /// </summary>
    public Deliveries Deliveries { get; init; }

    /// <summary>How many of the calls that arrive by a step of their own are held back before.</summary>
    public int HeldBack { get; init; }

    /// <summary>The longest that a call is held back; shorter than callers wait, since what they gave up is not begun.</summary>
    public TimeSpan HeldBackMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// True: a write may begin beside a reader when the reader that began first has ended. Orleans 10.4.2 lets it wait for all
    /// readers, but promises that nowhere.
    /// </summary>
    public bool WritesBesideReaders { get; init; }

    /// <summary>True: each request and answer is written by Orleans' serializer and read again, as between two silos.</summary>
    public bool IsRemote { get; init; }

    /// <summary>How many ticks of reminders come late.</summary>
    public int RemindersLate { get; init; }

    /// <summary>How many ticks of reminders come twice, as when their table changes hands.</summary>
    public int RemindersTwice { get; init; }

    /// <summary>How many calls to a grain that has an activation make a second one, as after a directory has forgotten the first.</summary>
    public int SecondActivations { get; init; }

    /// <summary>True: a write of a grain's state begins only after the grain has gone on.</summary>
    public bool WritesBeginLater { get; init; }
}

/// <summary>Which calls arrive by a step of their own.</summary>
public enum Deliveries
{
    /// <summary>No call does: it has arrived when it was sent.</summary>
    AtOnce,

    /// <summary>Calls to a grain without a running activation do, because its address is looked up first.</summary>
    LaterToCold,

    AllLater,
}
