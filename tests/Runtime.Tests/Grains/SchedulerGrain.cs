using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.scheduler")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Whether this turn runs on a scheduler of its own, not on the thread pool's.</summary>
    [Alias("hasItsOwn")]
    Task<bool> HasItsOwn();

    [Alias("keepsItAfterAwait")]
    Task<bool> KeepsItAfterAwait(string gate);

    [Alias("keepsItAcrossTurns")]
    Task<bool> KeepsItAcrossTurns();
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
}
