using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.lifecycle")]
public interface ILifecycleGrain : IGrainWithStringKey
{
    /// <summary>Which activation of this key answers: 1 for the first, 2 for the second.</summary>
    [Alias("mark")]
    Task<int> Mark();

    [Alias("retire")]
    Task Retire();

    /// <summary>Asks for deactivation and goes on with the turn until the gate opens.</summary>
    [Alias("retireAndHold")]
    Task RetireAndHold(string gate);

    /// <summary>Asks for deactivation; <c>OnDeactivateAsync</c> will wait at the gate.</summary>
    [Alias("retireSlowly")]
    Task RetireSlowly(string gate);

    /// <summary>Asks for deactivation; <c>OnDeactivateAsync</c> will throw.</summary>
    [Alias("retireBadly")]
    Task RetireBadly();

    [Alias("hold")]
    Task Hold(string gate);
}

public sealed class LifecycleGrain(Gates gates, Journal journal) : Grain, ILifecycleGrain
{
    private int _mark;
    private string? _gateOfDeactivation;
    private bool _failsToDeactivate;
    private TaskScheduler? _scheduler;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        _scheduler = TaskScheduler.Current;
        _mark = journal.Add(this.GetPrimaryKeyString(), "activated");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        var where = TaskScheduler.Current == _scheduler ? "" : " elsewhere";
        journal.Add(this.GetPrimaryKeyString(), $"deactivating {reason.ReasonCode}{where}");
        if (_gateOfDeactivation is not null)
        {
            await gates.Passed(_gateOfDeactivation);
        }

        journal.Add(this.GetPrimaryKeyString(), "deactivated");
        if (_failsToDeactivate)
        {
            throw new InvalidOperationException("as asked");
        }
    }

    public Task<int> Mark()
    {
        journal.Add(this.GetPrimaryKeyString(), "call");
        return Task.FromResult(_mark);
    }

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task RetireAndHold(string gate)
    {
        DeactivateOnIdle();
        journal.Add(this.GetPrimaryKeyString(), "retiring");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), "turn over");
    }

    public Task RetireSlowly(string gate)
    {
        _gateOfDeactivation = gate;
        return Retire();
    }

    public Task RetireBadly()
    {
        _failsToDeactivate = true;
        return Retire();
    }

    public async Task Hold(string gate)
    {
        journal.Add(this.GetPrimaryKeyString(), "enter");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), "leave");
    }
}
