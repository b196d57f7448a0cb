using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

public static partial class LeadRules
{
    /// <summary>What the clock shows that is furthest on, of the lead and of those that double it.</summary>
    public static TimeSpan UsedAt(LeadState lead, LeadTerms terms, DateTimeOffset at)
    {
        WorkingCalendar calendar = CalendarOf(lead, terms);
        TimeSpan most = lead.Clock?.UsedAt(calendar, at) ?? TimeSpan.Zero;
        foreach (AdoptedClock adopted in lead.Adopted)
        {
            TimeSpan used = adopted.Clock.UsedAt(calendar, at);
            most = used > most ? used : most;
        }

        return most;
    }

    /// <summary>When a part of the lead's time is over, in percent: the strictest clock counts. Null: never.</summary>
    public static DateTimeOffset? DueAt(LeadState lead, LeadTerms terms, int percent)
    {
        WorkingCalendar calendar = CalendarOf(lead, terms);
        DateTimeOffset? first = lead is { Present: { Sla: { } sla } present, Clock: { } clock }
            ? clock.DueAt(calendar, LimitOf(present.LimitFrom, sla, percent))
            : null;
        foreach (AdoptedClock adopted in lead.Adopted)
        {
            first = Conditions.Condition.Earlier(
                first,
                adopted.Clock.DueAt(calendar, LimitOf(adopted.LimitFrom, adopted.Sla, percent))
            );
        }

        return first;
    }

    internal static WorkingCalendar CalendarOf(LeadState lead, LeadTerms terms) =>
        lead.Present is { Sla.IsWallClock: false } present && terms.Team.Find(present.PersonId) is { } person
            ? person.Calendar
            : WorkingCalendar.Always;

    private static TimeSpan LimitOf(TimeSpan from, SlaTerms sla, int percent) => from + (sla.Time * percent / 100);
}
