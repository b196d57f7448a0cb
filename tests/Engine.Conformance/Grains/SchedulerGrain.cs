using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.scheduler")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Whether this turn runs on a scheduler of its own, not on the thread pool's.</summary>
    [Alias("hasItsOwn")]
    Task<bool> HasItsOwn();

    [Alias("keepsItAfterAwait")]
    Task<bool> KeepsItAfterAwait(string gate);

    [Alias("keepsItAcrossTurns")]
    Task<bool> KeepsItAcrossTurns();

    [Alias("keepsItInStartNew")]
    Task<bool> KeepsItInStartNew();

    [Alias("keepsItInContinuation")]
    Task<bool> KeepsItInContinuation();

    /// <summary>Starts tasks that all touch one number, and answers how many ran at the same time at most.</summary>
    [Alias("startNewAtOnce")]
    Task<int> StartNewAtOnce(int count);
}

public sealed class SchedulerGrain(Gates gates) : Grain, ISchedulerGrain
{
    private TaskScheduler? _activatedOn;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _activatedOn = TaskScheduler.Current;
        return Task.CompletedTask;
    }

    public Task<bool> HasItsOwn() => Task.FromResult(TaskScheduler.Current != TaskScheduler.Default);

    public async Task<bool> KeepsItAfterAwait(string gate)
    {
        var before = TaskScheduler.Current;
        await gates.Passed(gate);
        var afterGate = TaskScheduler.Current;
        await Task.Yield();
        return before == afterGate && before == TaskScheduler.Current && before != TaskScheduler.Default;
    }

    public Task<bool> KeepsItAcrossTurns() => Task.FromResult(TaskScheduler.Current == _activatedOn);

    public async Task<bool> KeepsItInStartNew() =>
        await Task.Factory.StartNew(() => TaskScheduler.Current) == TaskScheduler.Current;

    public async Task<bool> KeepsItInContinuation() =>
        await Task.CompletedTask.ContinueWith(_ => TaskScheduler.Current) == TaskScheduler.Current;

    public async Task<int> StartNewAtOnce(int count)
    {
        var running = 0;
        var most = 0;
        var tasks = Enumerable
            .Range(0, count)
            .Select(_ =>
                Task.Factory.StartNew(() =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    Thread.SpinWait(2_000);
                    Interlocked.Decrement(ref running);
                })
            );
        await Task.WhenAll(tasks);
        return most;
    }
}
