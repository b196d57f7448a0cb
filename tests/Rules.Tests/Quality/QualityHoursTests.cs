using System.Globalization;
using Customer360.Rules.Quality;

namespace Customer360.Rules.Tests.Quality;

/// <summary>Which hours are looked at: whole ones alone, none twice once it is settled, and none before there was anything.</summary>
public sealed class QualityHoursTests
{
    private static readonly DateTimeOffset s_hour = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("12:09:59", 10)]
    [InlineData("12:10:00", 11)]
    [InlineData("13:09:59", 11)]
    public void LastWhole_IsTheHourThatHadTheTimeToBeCounted(string time, int expected)
    {
        DateTimeOffset now = new(
            DateOnly.FromDateTime(s_hour.Date),
            TimeOnly.Parse(time, CultureInfo.InvariantCulture),
            TimeSpan.Zero
        );

        Assert.Equal(expected, QualityHours.LastWhole(now).Hour);
    }

    [Fact]
    public void Open_OfASourceThatIsNew_BeginsWithItsFirstHour()
    {
        DateTimeOffset now = s_hour.AddMinutes(30);

        Assert.Equal([9, 10, 11], Open(QualityWatch.Begin(now), s_hour.AddHours(-3).AddMinutes(5), now));
        // Of a source that was never seen the last hour is looked at: there is no data.
        Assert.Equal([11], Open(QualityWatch.Begin(now), firstAt: null, now));
        Assert.Empty(Open(QualityWatch.Begin(now), s_hour.AddMinutes(5), now));
        // And of one that is known for long a day.
        Assert.Equal(24, Open(QualityWatch.Begin(now), s_hour.AddDays(-30), now).Length);
    }

    [Fact]
    public void Open_OfWhatIsSettled_IsLookedAtNoMore()
    {
        DateTimeOffset now = s_hour.AddMinutes(30);
        QualityWatch watch = QualityWatch.Begin(now) with { SettledTo = s_hour.AddHours(-4) };

        Assert.Equal([9, 10, 11], Open(watch, s_hour.AddDays(-30), now));
    }

    [Fact]
    public void Before_OfAnHour_AreTheSameHoursAsFarBackAsThereWasAnything()
    {
        QualityCheck check = Qualities.Check("kind: volume, anomaly: {season: hourOfWeek, periods: 6}");
        DateTimeOffset[] before =
        [
            .. QualityHours.Before(check, new QualitySubject("web", s_hour.AddDays(-15), s_hour), s_hour),
        ];

        Assert.Equal([s_hour.AddDays(-7), s_hour.AddDays(-14)], before);
        QualityCheck plain = Qualities.Check("kind: volume, fail: {below: 1}");
        Assert.Empty(QualityHours.Before(plain, new QualitySubject("web", s_hour.AddDays(-15), s_hour), s_hour));
    }

    [Fact]
    public void Roster_OfSources_KnowsFirstAndLast_AndForgetsWhatIsOfLongAgo()
    {
        DateTimeOffset now = s_hour.AddMinutes(30);
        QualityRoster roster = QualityRoster
            .Empty.With(["web"], now)
            .Saw([("web", Hour("Bought", s_hour.AddMinutes(-50))), ("web", Hour("Bought", s_hour.AddMinutes(5)))])
            .Saw([("web", Hour("Clicked", s_hour.AddDays(-3)))])
            .LookedAt(now, keepsDays: 2);

        SeenEvent seen = Assert.Single(roster.Seen);
        Assert.Equal(("Bought", s_hour.AddMinutes(-50), s_hour.AddMinutes(5)), (seen.Event, seen.FirstAt, seen.LastAt));
        // What is looked at again: from the last whole hour on.
        Assert.Equal([11, 12], roster.Reads(now).Select(one => one.Hour.Hour));
        Assert.Equal(73, QualityRoster.Empty.With(["web"], now).Reads(now).Count());
    }

    [Fact]
    public void Roster_OfHoursThatAreKeptNoLonger_NamesEachOnce()
    {
        DateTimeOffset now = s_hour;
        QualityRoster roster = QualityRoster.Empty.With(["web"], now);
        Assert.Empty(roster.Expired(now, keepsDays: 60, most: 48));

        DateTimeOffset later = now.AddDays(60).AddHours(-70);
        QualityRead[] expired = [.. roster.Expired(later, keepsDays: 60, most: 48)];
        Assert.Equal([now.AddHours(-72), now.AddHours(-71)], expired.Select(one => one.Hour));
        Assert.Empty(roster.Forgot(expired).Expired(later, keepsDays: 60, most: 48));
        Assert.Equal(48, roster.Expired(now.AddDays(100), keepsDays: 60, most: 48).Count());
    }

    [Fact]
    public void Roster_AsItIsStored_IsTheSame()
    {
        QualityRoster roster = QualityRoster
            .Empty.With(["web"], s_hour)
            .Saw([("web", Hour("Bought", s_hour))])
            .LookedAt(s_hour, keepsDays: 60) with
        {
            Checks = ["a"],
        };
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            QualityJson.Write(writer, roster);
        }

        var reader = new System.Text.Json.Utf8JsonReader(buffer.WrittenSpan);
        QualityRoster read = QualityJson.ReadRoster(ref reader);

        Assert.Equal(roster.LookedTo, read.LookedTo);
        Assert.Equal(roster.Seen.AsEnumerable(), read.Seen);
        Assert.Equal(roster.Sources.AsEnumerable(), read.Sources);
        Assert.Equal(["a"], read.Checks.AsEnumerable());
    }

    private static int[] Open(QualityWatch watch, DateTimeOffset? firstAt, DateTimeOffset now) =>
        [.. QualityHours.Open(watch, new QualitySubject("web", firstAt, firstAt), now).Select(one => one.Hour)];

    private static QualityHour Hour(string name, DateTimeOffset at) =>
        QualityHour.Empty.With(
            0,
            [new QualityGroup(name, "", QualityTraits.None, MessageAge.Fresh, [], [], [1], at, at)]
        );
}
