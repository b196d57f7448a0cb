using Customer360.Storage.Pipelines;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.Pipelines;

/// <summary>A failure that repeats itself is told once, then by number, and its end is told.</summary>
public sealed class PipelineWatchTests
{
    private static readonly StorageFailure s_full = new(FailureKind.Outage, "SQLite 13", "The disk is full.");
    private static readonly StorageFailure s_readOnly = new(FailureKind.Outage, "SQLite 8", "It can't be written.");
    private static readonly StorageFailure s_damaged = new(FailureKind.Damage, "SQLite 11", "It is damaged.");

    private readonly ManualTime _time = new();
    private readonly RecordingLogger _logger = new();
    private readonly PipelineWatch _watch;

    public PipelineWatchTests() => _watch = new PipelineWatch(_time, _logger);

    [Fact]
    public void Failures_ThatRepeatThemselves_AreToldOnceAndEachMinuteByNumber()
    {
        FailOften(s_full, 1_000);
        Assert.Single(_logger.Lines);
        _time.Advance(TimeSpan.FromMinutes(1));
        FailOften(s_full, 1);

        Assert.Equal(2, _logger.Lines.Count);
        Assert.StartsWith(
            "The disk is full. (SQLite 13) 3 requests failed;",
            _logger.Lines[0],
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "The disk is full. (SQLite 13) 3000 requests failed;",
            _logger.Lines[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Failure_OfAnotherKind_IsToldAtOnce()
    {
        _watch.Failed(s_full, 1);
        _watch.Failed(s_readOnly, 1);

        Assert.Equal(2, _logger.Lines.Count);
        Assert.Equal("It can't be written. (SQLite 8)", _watch.Trouble);
    }

    [Fact]
    public void End_OfATrouble_IsToldWithAllThatFailed()
    {
        FailOften(s_full, 10);
        _watch.Worked();
        _watch.Worked();

        Assert.Equal(2, _logger.Lines.Count);
        Assert.Equal("Storage works again; 30 requests failed meanwhile.", _logger.Lines[1]);
        Assert.Null(_watch.Trouble);
    }

    [Fact]
    public void Damage_StaysWhileOtherRequestsWork()
    {
        _watch.Failed(s_damaged, 1);
        _watch.Failed(s_damaged, 1);
        _watch.Worked();

        Assert.Single(_logger.Lines);
        Assert.Equal("It is damaged. (SQLite 11)", _watch.Damage);
        Assert.Null(_watch.Trouble);
    }

    [Fact]
    public void Refusal_IsNoTroubleOfTheDatabase()
    {
        _watch.Failed(new StorageFailure(FailureKind.Refused, "SQLite 19"), 1);

        Assert.Empty(_logger.Lines);
        Assert.Null(_watch.Trouble);
    }

    private void FailOften(in StorageFailure failure, int times)
    {
        for (int round = 0; round < times; round++)
        {
            _watch.Failed(failure, requests: 3);
        }
    }
}
