using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Routing;

/// <summary>Working time by the wall clock of a zone, in nights in which the clock is set, too.</summary>
public sealed class WorkingCalendarTests
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(500);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Theory]
    // Berlin is an hour ahead in winter and two in summer.
    [InlineData("2026-01-05T08:00:00Z", "2026-01-05T17:00:00Z", 420)]
    [InlineData("2026-07-06T06:00:00Z", "2026-07-06T07:30:00Z", 30)]
    [InlineData("2026-01-09T15:30:00Z", "2026-01-12T08:30:00Z", 60)]
    // A holiday, and a day with other hours.
    [InlineData("2026-12-23T23:00:00Z", "2026-12-25T23:00:00Z", 180)]
    [InlineData("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z", 0)]
    [InlineData("2026-01-05T12:00:00Z", "2026-01-05T10:00:00Z", 0)]
    public void Worked_InAWeek_CountsOpenMinutes(string from, string to, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Berlin().Worked(At(from), At(to)));

    [Theory]
    // On 29 March 02:00 becomes 03:00, on 25 October 03:00 becomes 02:00.
    [InlineData("01:00-04:00", "2026-03-29T00:00:00Z", 120)]
    [InlineData("02:30-04:00", "2026-03-29T00:00:00Z", 60)]
    [InlineData("02:10-02:50", "2026-03-29T00:00:00Z", 0)]
    [InlineData("01:00-04:00", "2026-10-24T22:00:00Z", 240)]
    [InlineData("02:00-03:00", "2026-10-24T22:00:00Z", 120)]
    [InlineData("02:15-02:45", "2026-10-24T22:00:00Z", 30)]
    [InlineData("22:00-06:00", "2026-03-28T20:00:00Z", 420)]
    [InlineData("22:00-06:00", "2026-10-24T18:00:00Z", 540)]
    public void Worked_WhenTheClockIsSet_CountsElapsedTime(string hours, string from, int minutes)
    {
        WorkingCalendar calendar = Daily("Europe/Berlin", hours);

        Assert.Equal(TimeSpan.FromMinutes(minutes), calendar.Worked(At(from), At(from).AddHours(20)));
    }

    [Theory]
    // Half an hour of Lord Howe Island, a zone of 45 minutes, and one without summer time.
    [InlineData("Australia/Lord_Howe", "2026-04-04T13:00:00Z", "00:00-04:00", 270)]
    [InlineData("Asia/Kathmandu", "2026-01-04T18:15:00Z", "09:00-17:00", 480)]
    [InlineData("Asia/Tokyo", "2026-01-04T15:00:00Z", "09:00-17:00", 480)]
    public void Worked_InOddZones_CountsElapsedTime(string zone, string from, string hours, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Daily(zone, hours).Worked(At(from), At(from).AddHours(23)));

    [Fact]
    public void NextOpening_OverAWeekend_IsMondayMorning()
    {
        WorkingCalendar berlin = Berlin();

        Assert.Equal(At("2026-01-12T08:00:00Z"), berlin.NextOpening(At("2026-01-09T16:00:00Z")));
        Assert.Equal(At("2026-01-12T09:00:00Z"), berlin.NextOpening(At("2026-01-12T09:00:00Z")));
        Assert.Null(Closed().NextOpening(At("2026-01-12T09:00:00Z")));
    }

    [Fact]
    public void Add_OverTheWeekend_EndsOnMonday()
    {
        Assert.Equal(At("2026-01-12T08:30:00Z"), Berlin().Add(At("2026-01-09T15:30:00Z"), TimeSpan.FromHours(1)));
        Assert.Equal(At("2026-01-09T16:00:00Z"), Berlin().Add(At("2026-01-09T15:30:00Z"), TimeSpan.FromMinutes(30)));
        Assert.Null(Closed().Add(At("2026-01-09T15:30:00Z"), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Worked_OfAnyTwoTimes_IsWhatAddTakesBack() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    WorkingCalendar calendar = Random(random);
                    DateTimeOffset from = At("2026-01-01T00:00:00Z").AddMinutes(random.Next(525_600));
                    TimeSpan work = TimeSpan.FromSeconds(random.Next(1, 400_000));
                    return calendar.Add(from, work) is not { } due
                        || (
                            calendar.Worked(from, due) == work
                            && calendar.Worked(from, due.AddTicks(-1)) == work - TimeSpan.FromTicks(1)
                        );
                }
            )
            .Check(s_many);

    [Fact]
    public void Worked_OfAnyParts_IsTheSumOfThem() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    WorkingCalendar calendar = Random(random);
                    DateTimeOffset from = At("2026-01-01T00:00:00Z").AddMinutes(random.Next(525_600));
                    DateTimeOffset middle = from.AddMinutes(random.Next(20_000));
                    DateTimeOffset to = middle.AddMinutes(random.Next(20_000));
                    return calendar.Worked(from, to) == calendar.Worked(from, middle) + calendar.Worked(middle, to);
                }
            )
            .Check(s_many);

    [Fact]
    public void IsOpen_AtAnyTime_IsWhereTimeIsWorked() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    WorkingCalendar calendar = Random(random);

                    // Asked in any order, so that what it remembers of the last question is tried, too.
                    return Enumerable
                        .Range(0, 30)
                        .Select(_ => At("2026-03-20T00:00:00Z").AddMinutes(random.Next(30_000)))
                        .All(at => calendar.IsOpen(at) == (calendar.Worked(at, at.AddTicks(1)) > TimeSpan.Zero));
                }
            )
            .Check(s_many);

    [Theory]
    [InlineData("09:00-17:30", 540, 1050)]
    [InlineData("22:00-06:00", 1320, 1800)]
    [InlineData("00:00-24:00", 0, 1440)]
    [InlineData("00:00-00:00", 0, 1440)]
    public void Parse_OfHours_ReadsMinutes(string text, int start, int end) =>
        Assert.Equal(new HoursSpan(start, end), HoursSpan.Parse(text));

    [Theory]
    [InlineData("9-17")]
    [InlineData("09:00")]
    [InlineData("09:60-10:00")]
    [InlineData("24:00-25:00")]
    [InlineData("24:00-01:00")]
    [InlineData("-9:00-10:00")]
    public void Parse_OfAnythingElse_IsNull(string text) => Assert.Null(HoursSpan.Parse(text));

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static WorkingCalendar Berlin() =>
        Of(
            """
            {zone: Europe/Berlin, week: {mon: ["09:00-12:00", "13:00-17:00"], tue: ["09:00-17:00"], wed: ["09:00-17:00"],
            thu: ["09:00-17:00"], fri: ["09:00-17:00"]}, holidays: {2026-12-24: ["09:00-12:00"], 2026-12-25: []}}
            """
        );

    private static WorkingCalendar Closed() => Of("{zone: Europe/Berlin, week: {mon: []}}");

    private static WorkingCalendar Daily(string zone, string hours) =>
        Of(
            $"{{zone: {zone}, week: {{{string.Join(", ", CalendarReader.Days.Select(day => $"{day}: [\"{hours}\"]"))}}}}}"
        );

    private static WorkingCalendar Of(string text)
    {
        List<ConfigFault> faults = [];
        WorkingCalendar? calendar = new CalendarReader(faults).Read(
            new ConfigSection("", SmallYaml.Node(text), faults),
            otherwise: null
        );
        Assert.Empty(faults);
        return calendar!;
    }

    private static WorkingCalendar Random(Random random)
    {
        string[] zones = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"];
        ImmutableArray<ImmutableArray<HoursSpan>> week = [.. Enumerable.Range(0, 7).Select(_ => Day())];
        return new WorkingCalendar(
            TimeZoneInfo.FindSystemTimeZoneById(zones[random.Next(zones.Length)]),
            week,
            Enumerable
                .Range(0, 30)
                .Select(_ => new DateOnly(2026, 1, 1).AddDays(random.Next(400)))
                .Distinct()
                .ToImmutableSortedDictionary(date => date, _ => Day())
        );

        ImmutableArray<HoursSpan> Day()
        {
            if (random.Next(4) == 0)
            {
                return [];
            }

            int first = random.Next(0, 700);
            int second = first + random.Next(1, 300);
            int third = second + random.Next(0, 200);
            return [new HoursSpan(first, second), new HoursSpan(third, third + random.Next(1, 500))];
        }
    }
}
