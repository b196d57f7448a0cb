using Customer360.Runtime.Tests.Support;
using Orleans.Concurrency;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.timer")]
public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Starts a timer that notes "tick {name}".</summary>
    [Alias("start")]
    Task Start(string name, TimeSpan due, TimeSpan period);

    /// <summary>Starts an interleaving timer that notes "tick {name}".</summary>
    [Alias("startInterleaving")]
    Task StartInterleaving(string name, TimeSpan due, TimeSpan period);

    /// <summary>Starts a timer that counts as use of the grain.</summary>
    [Alias("startKeepingAlive")]
    Task StartKeepingAlive(string name, TimeSpan period);

    /// <summary>Starts a timer whose ticks note "enter {name}" and wait at the gate.</summary>
    [Alias("startHolding")]
    Task StartHolding(string name, string gate);

    /// <summary>Starts a timer whose first tick throws.</summary>
    [Alias("startFailing")]
    Task StartFailing(string name, TimeSpan period);

    /// <summary>Starts a timer whose ticks note whether they run on the activation's scheduler.</summary>
    [Alias("startNotingScheduler")]
    Task StartNotingScheduler();

    /// <summary>Disposes the timer and notes "disposed".</summary>
    [Alias("stop")]
    Task Stop(string name);

    /// <summary>As <see cref="Stop"/>, in the middle of another turn or tick.</summary>
    [AlwaysInterleave]
    [Alias("stopAtOnce")]
    Task StopAtOnce(string name);

    [Alias("change")]
    Task Change(string name, TimeSpan due, TimeSpan period);

    [Alias("hold")]
    Task Hold(string gate);

    [Alias("append")]
    Task Append(string entry);

    [Alias("retire")]
    Task Retire();

    /// <summary>As <see cref="ITurnGrain.Fence"/>.</summary>
    [AlwaysInterleave]
    [Alias("fence")]
    Task Fence();
}

public sealed class TimerGrain(Gates gates, Journal journal) : Grain, ITimerGrain
{
    private readonly Dictionary<string, IGrainTimer> _timers = new(StringComparer.Ordinal);

    public Task Start(string name, TimeSpan due, TimeSpan period)
    {
        _timers[name] = this.RegisterGrainTimer(() => Append($"tick {name}"), due, period);
        return Task.CompletedTask;
    }

    public Task StartInterleaving(string name, TimeSpan due, TimeSpan period)
    {
        _timers[name] = this.RegisterGrainTimer(
            static (tick, _) => tick(),
            () => Append($"tick {name}"),
            new GrainTimerCreationOptions
            {
                DueTime = due,
                Period = period,
                Interleave = true,
            }
        );
        return Task.CompletedTask;
    }

    public Task StartKeepingAlive(string name, TimeSpan period)
    {
        _timers[name] = this.RegisterGrainTimer(
            () => Append($"tick {name}"),
            new GrainTimerCreationOptions
            {
                DueTime = period,
                Period = period,
                KeepAlive = true,
            }
        );
        return Task.CompletedTask;
    }

    public Task StartHolding(string name, string gate)
    {
        _timers[name] = this.RegisterGrainTimer(
            async cancellationToken =>
            {
                await Append($"enter {name}");
                await gates.Passed(gate).WaitAsync(cancellationToken);
                await Append($"leave {name}");
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(10)
        );
        return Task.CompletedTask;
    }

    public Task StartFailing(string name, TimeSpan period)
    {
        var ticks = 0;
        _timers[name] = this.RegisterGrainTimer(
            () => ++ticks == 1 ? throw new InvalidOperationException("as asked") : Append($"tick {name}"),
            TimeSpan.Zero,
            period
        );
        return Task.CompletedTask;
    }

    public Task StartNotingScheduler()
    {
        var scheduler = TaskScheduler.Current;
        _timers["scheduler"] = this.RegisterGrainTimer(
            async () =>
            {
                var before = TaskScheduler.Current == scheduler;
                await Task.Yield();
                await Append($"on the scheduler: {before && TaskScheduler.Current == scheduler}");
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(10)
        );
        return Task.CompletedTask;
    }

    public Task Stop(string name)
    {
        _timers[name].Dispose();
        return Append("disposed");
    }

    public Task StopAtOnce(string name) => Stop(name);

    public Task Change(string name, TimeSpan due, TimeSpan period)
    {
        _timers[name].Change(due, period);
        return Task.CompletedTask;
    }

    public async Task Hold(string gate)
    {
        await Append("enter turn");
        await gates.Passed(gate);
        await Append("leave turn");
    }

    public Task Append(string entry)
    {
        journal.Add(this.GetPrimaryKeyString(), entry);
        return Task.CompletedTask;
    }

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Append("deactivated");

    public Task Fence() => Task.CompletedTask;
}
