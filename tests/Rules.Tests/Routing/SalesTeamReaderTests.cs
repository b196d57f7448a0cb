using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Routing;

public sealed class SalesTeamReaderTests
{
    [Fact]
    public void Read_OfATeam_HasEverythingThatIsSaid()
    {
        (SalesTeam? team, ImmutableArray<ConfigFault> faults) = SalesTeamReader.Read(
            SmallYaml.Node(
                """
                calendars:
                  berlin:
                    zone: Europe/Berlin
                    week: {mon: ["09:00-17:00"], tue: ["09:00-17:00"]}
                    holidays: {2026-01-06: []}
                people:
                  ann: {calendar: berlin, capacity: 20, weight: 3, skills: [german, grid], territories: [emea], manager: bob,
                    leave: [{from: 2026-07-01, until: 2026-07-14}], holidays: {2026-01-05: ["10:00-12:00"]}}
                  bob: {zone: Asia/Tokyo, week: {mon: ["22:00-06:00"]}, active: false}
                """
            )
        );

        Assert.Empty(faults);
        SalesPerson ann = team!.Find("ann")!;
        SalesPerson bob = team.Find("bob")!;
        Assert.Equal((20, 3, "bob", true), (ann.Capacity, ann.Weight, ann.Manager, ann.IsActive));
        Assert.Equal(["german", "grid"], ann.Skills.Order());
        Assert.Equal(["emea"], ann.Territories);
        Assert.Equal((false, 1, null), (bob.IsActive, bob.Weight, bob.Capacity));

        // By her own clock, the last day included.
        Assert.False(ann.IsOnLeave(Utc(2026, 6, 30, 21, 59)));
        Assert.True(ann.IsOnLeave(Utc(2026, 6, 30, 22, 0)));
        Assert.True(ann.IsOnLeave(Utc(2026, 7, 14, 21, 59)));
        Assert.False(ann.IsOnLeave(Utc(2026, 7, 14, 22, 0)));

        // Her own holiday beside the calendar's.
        Assert.Equal(TimeSpan.FromHours(2), ann.Calendar.Worked(Utc(2026, 1, 5, 0, 0), Utc(2026, 1, 12, 0, 0)));
        Assert.True(bob.Calendar.IsOpen(Utc(2026, 1, 5, 20, 0)));
        Assert.Null(team.Find("cy"));
    }

    [Fact]
    public void Read_OfATeamThatIsWrong_FindsAllFaults()
    {
        (SalesTeam? team, ImmutableArray<ConfigFault> faults) = SalesTeamReader.Read(
            SmallYaml.Node(
                """
                calendars:
                  nowhere: {zone: Europe/Atlantis, week: {}}
                  odd: {zone: UTC, week: {mon: ["9-17"], tue: ["09:00-12:00", "11:00-13:00"]}, holidays: {someday: []}}
                  night: {zone: UTC, week: {mon: ["22:00-06:00"], tue: ["05:00-09:00"]}}
                people:
                  ann: {calendar: gone}
                  bob: {zone: UTC, week: {}, weight: 0, capacity: -1, manager: nobody, leave: [{from: 2026-02-01, until: 2026-01-01}]}
                  cy: {zone: UTC}
                  dora: {zone: UTC, week: {}, manager: nobody}
                """
            )
        );

        Assert.Null(team);
        Assert.Equal(
            [
                "line 2, calendars.nowhere.zone: There is no such time zone. It must be a name of the IANA database: Europe/Berlin.",
                "line 3, calendars.odd.holidays.someday: It must be a date: 2026-12-25.",
                "line 3, calendars.odd.week.mon: It must be hours: 09:00-17:30.",
                "line 3, calendars.odd.week.tue: Its hours overlap.",
                "line 4, calendars.night.week.mon: Its hours last into those of the next day.",
                "line 6, people.ann.calendar: There is no such calendar here.",
                "line 6, people.ann.week: It is missing.",
                "line 6, people.ann.zone: It is missing.",
                "line 7, people.bob.capacity: It must be a whole number from 0 to 100000.",
                "line 7, people.bob.leave[0].from: It must be two dates, the first not after the last: {from: 2026-12-20, until: 2027-01-02}.",
                "line 7, people.bob.weight: It must be a whole number from 1 to 1000.",
                "line 8, people.cy.week: It is missing.",
                "line 9, people.dora.manager: There is no such person here.",
            ],
            faults.Select(fault => fault.ToString()).Order(StringComparer.Ordinal)
        );
    }

    private static DateTimeOffset Utc(int year, int month, int day, int hour, int minute) =>
        new(year, month, day, hour, minute, 0, TimeSpan.Zero);
}
