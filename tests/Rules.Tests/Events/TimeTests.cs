using Customer360.Rules.Events;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>When a message happened; the times that it gives are named by their distance from receivedAt.</summary>
public sealed class TimeTests
{
    private static DateTimeOffset TimestampOf(string times) =>
        Accept($$"""{"type":"page","userId":"u"{{times}}}""").Timestamp;

    [Fact]
    public void Read_WhenNoTime_TakesReceivedAt() => Assert.Equal(ReceivedAt, TimestampOf(""));

    [Fact]
    public void Read_WhenClockIsYearsOff_CorrectsBySentAt() =>
        Assert.Equal(
            ReceivedAt.AddSeconds(-90),
            TimestampOf(""","originalTimestamp":"2001-01-01T00:00:00Z","sentAt":"2001-01-01T00:01:30Z" """)
        );

    [Fact]
    public void Read_WhenBothTimes_PrefersOriginalTimestamp() =>
        Assert.Equal(
            ReceivedAt.AddSeconds(-1),
            TimestampOf(
                ""","timestamp":"2020-01-01T00:00:00Z","originalTimestamp":"2026-11-22T08:00:00Z","sentAt":"2026-11-22T08:00:01Z" """
            )
        );

    [Fact]
    public void Read_WhenImported_TakesTimeAsGiven() =>
        Assert.Equal(
            new DateTimeOffset(2012, 12, 2, 0, 30, 12, 984, TimeSpan.Zero),
            TimestampOf(""","timestamp":"2012-12-02T00:30:12.984Z" """)
        );

    [Theory]
    [InlineData(""","timestamp":"2026-11-24T00:00:00Z" """)]
    [InlineData(""","timestamp":"2199-01-01T00:00:00Z","sentAt":"2026-11-22T00:00:00Z" """)]
    [InlineData(""","timestamp":"1970-01-01T00:00:00Z","sentAt":"2199-01-01T00:00:00Z" """)]
    public void Read_WhenTimeCannotBe_TakesReceivedAt(string times) => Assert.Equal(ReceivedAt, TimestampOf(times));

    [Fact]
    public void Read_WhenWithinADayAhead_BelievesIt() =>
        Assert.Equal(ReceivedAt.AddHours(23), TimestampOf(""","timestamp":"2026-11-23T09:00:00Z" """));

    [Theory]
    [InlineData("2026-11-22T01:02:03.004Z", "2026-11-22T01:02:03.004Z")]
    [InlineData("2026-11-22T01:02:03Z", "2026-11-22T01:02:03.000Z")]
    [InlineData("2026-11-22T01:02:03.0040001Z", "2026-11-22T01:02:03.0040001Z")]
    [InlineData("2026-11-22T01:02:03.123456789Z", "2026-11-22T01:02:03.1234567Z")]
    [InlineData("2026-11-22T03:02:03+02:00", "2026-11-22T01:02:03.000Z")]
    [InlineData("2026-11-21T20:32:03-0430", "2026-11-22T01:02:03.000Z")]
    [InlineData("2026-11-22 01:02:03 UTC", "2026-11-22T01:02:03.000Z")]
    [InlineData("2026-11-22T01:02", "2026-11-22T01:02:00.000Z")]
    [InlineData("2026-11-22", "2026-11-22T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z")]
    [InlineData("2026-11-22T01:02:03.Z", null)]
    [InlineData("2026-11-22T01:02:03+2", null)]
    [InlineData("2026-11-22X01:02:03Z", null)]
    [InlineData("20261122", null)]
    [InlineData("", null)]
    public void TryParse_WhenTextIsGiven_ReadsIt(string text, string? expected) =>
        Assert.Equal(expected, Rfc3339.TryParse(text, out DateTimeOffset time) ? Rfc3339.Text(time) : null);
}
