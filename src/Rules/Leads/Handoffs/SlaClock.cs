using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>
/// How long a lead has waited for somebody to accept it, in the working time of whoever had it. The time of owners before stays
/// counted when the owner changes, and no merge sets it back.
/// </summary>
/// <param name="StartedAt">When it was first given to somebody.</param>
/// <param name="Used">What was counted up to <paramref name="CountedTo"/>.</param>
/// <param name="CountedTo">From then on the present owner's hours count.</param>
/// <param name="IsPaused">True: nothing is counted.</param>
public sealed record SlaClock(DateTimeOffset StartedAt, TimeSpan Used, DateTimeOffset CountedTo, bool IsPaused)
{
    public static SlaClock Start(DateTimeOffset at) => new(at, TimeSpan.Zero, at, IsPaused: false);

    /// <summary>The time that counts at an instant; never less than before.</summary>
    public TimeSpan UsedAt(WorkingCalendar calendar, DateTimeOffset at) =>
        IsPaused ? Used : Used + calendar.Worked(CountedTo, at);

    /// <summary>The same clock, counted up to an instant: what comes after may count by other hours.</summary>
    public SlaClock CountTo(WorkingCalendar calendar, DateTimeOffset at) =>
        at <= CountedTo ? this : this with { Used = UsedAt(calendar, at), CountedTo = at };

    public SlaClock Pause(WorkingCalendar calendar, DateTimeOffset at) =>
        CountTo(calendar, at) with
        {
            IsPaused = true,
        };

    /// <summary>Goes on from an instant; a clock that runs stays as it is.</summary>
    public SlaClock Resume(DateTimeOffset at) =>
        IsPaused ? this with { IsPaused = false, CountedTo = at > CountedTo ? at : CountedTo } : this;

    /// <summary>When so much will have been used; null: never, since it is paused or nobody works.</summary>
    public DateTimeOffset? DueAt(WorkingCalendar calendar, TimeSpan time)
    {
        if (IsPaused)
        {
            return null;
        }

        return Used >= time ? CountedTo : calendar.Add(CountedTo, time - Used);
    }
}
