using Customer360.Rules.Crm.Reads;

namespace Customer360.Rules.Tests.Crm.Reads;

public sealed class ReadPausesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 27, 22, 30, 0, TimeSpan.Zero);

    [Fact]
    public void After_WhenTheTokenIsRefused_IsNeverByItself() =>
        Assert.Null(ReadPauses.After(new ReadFailure(ReadFault.TokenRefused) { RetryAfter = TimeSpan.Zero }, 1, s_now));

    [Theory]
    [InlineData(ReadFault.Unavailable, 1, 1)]
    [InlineData(ReadFault.Unavailable, 4, 8)]
    [InlineData(ReadFault.Unavailable, 1_000, 300)]
    [InlineData(ReadFault.RequestRefused, 1_000, 3_600)]
    [InlineData(ReadFault.Locked, 3, 6)]
    [InlineData(ReadFault.LimitReached, 2, 2)]
    [InlineData(ReadFault.DailyLimitReached, 1, 3_600)]
    [InlineData(ReadFault.PermissionMissing, 1, 3_600)]
    public void After_AFailure_GrowsToABound(ReadFault fault, int inARow, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ReadPauses.After(new ReadFailure(fault), inARow, s_now));

    [Fact]
    public void After_WhenALimitNamesItsWindow_IsThatManyOfThem() =>
        Assert.Equal(
            TimeSpan.FromSeconds(30),
            ReadPauses.After(
                new ReadFailure(ReadFault.LimitReached) { Window = TimeSpan.FromSeconds(10) },
                inARow: 3,
                s_now
            )
        );

    [Theory]
    [InlineData(1, 30)]
    [InlineData(-5, 390)]
    [InlineData(2, 1_410)]
    public void After_TheCallsOfADay_IsTheMidnightOfTheAccount(int hoursFromUtc, int minutes) =>
        Assert.Equal(
            TimeSpan.FromMinutes(minutes),
            ReadPauses.After(
                new ReadFailure(ReadFault.DailyLimitReached) { UtcOffset = TimeSpan.FromHours(hoursFromUtc) },
                inARow: 1,
                s_now
            )
        );

    [Theory]
    [InlineData(-5, 1)]
    [InlineData(17, 17)]
    [InlineData(1_000_000, 86_400)]
    public void After_WhenTheCrmSaysHowLong_IsThatWithinBounds(int said, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            ReadPauses.After(
                new ReadFailure(ReadFault.LimitReached) { RetryAfter = TimeSpan.FromSeconds(said) },
                inARow: 1,
                s_now
            )
        );
}
