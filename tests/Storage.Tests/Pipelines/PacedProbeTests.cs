using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Storage.Tests.Pipelines;

/// <summary>Who asks whether storage works costs it nothing.</summary>
public sealed class PacedProbeTests
{
    private static readonly StorageFailure s_full = new(FailureKind.Outage, "SQLite 13", "The disk is full.");

    private readonly ManualTime _time = new();
    private readonly PipelineWatch _watch;
    private readonly PipelineWatch _other;
    private readonly PacedProbe _paced;
    private Func<Task> _probe = () => Task.CompletedTask;
    private int _probes;

    public PacedProbeTests()
    {
        _watch = new PipelineWatch(_time, NullLogger.Instance);
        _other = new PipelineWatch(_time, NullLogger.Instance);
        _paced = new PacedProbe(
            [_watch, _other],
            () =>
            {
                Interlocked.Increment(ref _probes);
                return _probe();
            },
            _time
        );
    }

    [Fact]
    public async Task Ask_ManyTimesAtOnce_ProbesOnce()
    {
        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => AskAsync()));

        Assert.All(answers, Assert.Null);
        Assert.Equal(1, _probes);
    }

    [Fact]
    public async Task Ask_AfterThePause_ProbesAgain()
    {
        await AskAsync();
        _time.Advance(PacedProbe.Pause);
        await AskAsync();
        await AskAsync();

        Assert.Equal(2, _probes);
    }

    [Fact]
    public async Task Ask_WhereAllPipelinesHaveJustWorked_ProbesNever()
    {
        _watch.Worked();
        _other.Worked();

        Assert.Null(await AskAsync());
        Assert.Equal(0, _probes);
    }

    [Fact]
    public async Task Ask_WhereOnePipelineHasDoneNothing_Probes()
    {
        _watch.Worked();

        Assert.Null(await AskAsync());
        Assert.Equal(1, _probes);
    }

    [Fact]
    public async Task Ask_WhereAPipelineHasFailedSinceTheProbe_TellsIt()
    {
        await AskAsync();
        _watch.Failed(s_full, requests: 1);

        Assert.Equal("The disk is full. (SQLite 13)", await AskAsync());
        Assert.Equal(1, _probes);
    }

    [Fact]
    public async Task Ask_WhereTheProbeFails_TellsItUntilTheNextOneDoesNot()
    {
        _probe = () => throw new StorageUnavailableException("Away.");
        Assert.Equal("Away.", await AskAsync());
        _probe = () => Task.CompletedTask;
        Assert.Equal("Away.", await AskAsync());
        _time.Advance(PacedProbe.Pause);

        Assert.Null(await AskAsync());
    }

    [Fact]
    public async Task Ask_WhereTheProbeHangs_BeginsNoSecondOne()
    {
        TaskCompletionSource hangs = new();
        _probe = () => hangs.Task;
        Task<string?> first = AskAsync();
        _time.Advance(PacedProbe.Pause * 3);
        Task<string?> second = AskAsync();
        using CancellationTokenSource patience = new();
        Task<string?> third = _paced.AskAsync(patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        hangs.SetResult();
        Assert.Null(await first);
        Assert.Null(await second);
        Assert.Equal(1, _probes);
    }

    [Fact]
    public async Task Ask_AfterDamageWasMet_TellsItForGood()
    {
        _watch.Failed(new StorageFailure(FailureKind.Damage, "SQLite 11", "It is damaged."), requests: 1);
        _watch.Worked();
        _other.Worked();
        _time.Advance(PacedProbe.Pause * 100);

        Assert.Equal("It is damaged. (SQLite 11)", await AskAsync());
    }

    private Task<string?> AskAsync() => _paced.AskAsync(CancellationToken.None);
}
