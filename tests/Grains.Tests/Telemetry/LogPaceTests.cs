using Customer360.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains.Tests.Telemetry;

/// <summary>A trouble that repeats itself does not fill the disk, and nothing else is lost of a log.</summary>
public sealed class LogPaceTests
{
    private readonly Clock _clock = new();
    private readonly LogPace _pace;

    public LogPaceTests() => _pace = new LogPace(_clock);

    [Fact]
    public void Admits_TheSameWords_OnceAMinuteWithTheNumberOfTheRest()
    {
        Assert.Equal(1, Count(10_000, _ => "The disk is full."));
        _clock.Now += TimeSpan.FromMinutes(1);

        Assert.True(_pace.Admits("storage", LogLevel.Warning, 1, "The disk is full.", out int leftOut));
        Assert.Equal(9_999, leftOut);
        Assert.False(_pace.Admits("storage", LogLevel.Warning, 1, "The disk is full.", out _));
    }

    [Fact]
    public void Admits_DifferentWordsOfOneKind_AFewTimes()
    {
        Assert.Equal(8, Count(8, number => $"Partition {number} could not be opened."));
        Assert.InRange(Count(10_000, number => $"Customer {number} was not written."), 1, 100);
    }

    [Fact]
    public void Admits_AnotherKind_WhateverTheFirstDid()
    {
        Count(10_000, _ => "The disk is full.");

        Assert.True(_pace.Admits("storage", LogLevel.Warning, 2, "The disk is full.", out _));
        Assert.True(_pace.Admits("grains", LogLevel.Warning, 1, "The disk is full.", out _));
        Assert.True(_pace.Admits("storage", LogLevel.Error, 1, "The disk is full.", out _));
    }

    [Theory]
    [InlineData(LogLevel.Trace)]
    [InlineData(LogLevel.Information)]
    public void Admits_WhatIsNoTrouble_Always(LogLevel level)
    {
        for (int line = 0; line < 1_000; line++)
        {
            Assert.True(_pace.Admits("storage", level, 1, "A request began.", out _));
        }
    }

    [Fact]
    public void Admits_EndlessKinds_TakesNoEndlessMemory()
    {
        int admitted = 0;
        for (int kind = 0; kind < 100_000; kind++)
        {
            admitted += _pace.Admits("storage", LogLevel.Warning, kind, $"{kind}", out _) ? 1 : 0;
        }

        Assert.InRange(admitted, 100, 2_000);
    }

    private int Count(int lines, Func<int, string> text) =>
        Enumerable.Range(0, lines).Count(number => _pace.Admits("storage", LogLevel.Warning, 1, text(number), out _));

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
