using Customer360.Rules.Profiles;

namespace Customer360.Rules.Tests.Profiles;

public sealed class SessionsTests
{
    private static DateTimeOffset At(double minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    [Fact]
    public void Cut_WhenGapsAreOverThirtyMinutes_BeginsNewSessions() =>
        Assert.Equal(
            [new Session(At(0), At(60), 4), new Session(At(90.01), At(91), 2), new Session(At(500), At(500), 1)],
            Sessions.Cut([At(0), At(30), At(30), At(60), At(90.01), At(91), At(500)])
        );

    [Fact]
    public void Cut_WhenNothingHappened_GivesNoSession() => Assert.Empty(Sessions.Cut([]));

    [Fact]
    public void Take_WhenTimesFall_Throws()
    {
        SessionCutter cutter = default;
        cutter.Take(At(5));
        Assert.Throws<ArgumentException>(() => cutter.Take(At(4)));
    }

    [Fact]
    public void End_WhenCalledTwice_BeginsAnew()
    {
        SessionCutter cutter = default;
        cutter.Take(At(5));
        Assert.Equal(new Session(At(5), At(5), 1), cutter.End());
        Assert.Null(cutter.End());
        Assert.Null(cutter.Take(At(1)));
    }
}
