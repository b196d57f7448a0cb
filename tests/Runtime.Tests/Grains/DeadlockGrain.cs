using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.deadlock")]
public interface IDeadlockGrain : IGrainWithStringKey
{
    [Alias("ping")]
    Task<string> Ping();

    /// <summary>Calls <see cref="Ping"/> on itself and notes how that ended.</summary>
    [Alias("callSelf")]
    Task CallSelf();

    /// <summary>Calls <paramref name="other"/>, which calls back; each notes how its call ended.</summary>
    [Alias("callAround")]
    Task CallAround(string other);

    [Alias("callBack")]
    Task CallBack(string caller);

    [Alias("hold")]
    Task Hold(string gate);
}

public sealed class DeadlockGrain(Gates gates, Journal journal) : Grain, IDeadlockGrain
{
    public Task<string> Ping() => Task.FromResult("pong");

    public Task CallSelf() => NoteOutcome(this.AsReference<IDeadlockGrain>().Ping());

    public Task CallAround(string other) => NoteOutcome(Of(other).CallBack(this.GetPrimaryKeyString()));

    public Task CallBack(string caller) => NoteOutcome(Of(caller).Ping());

    private IDeadlockGrain Of(string key) => GrainFactory.GetGrain<IDeadlockGrain>(key);

    public async Task Hold(string gate)
    {
        journal.Add(this.GetPrimaryKeyString(), "enter");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), "leave");
    }

    // The caller of the turn has given up by the time it ends, so the outcome is noted where the test can see it.
    private async Task NoteOutcome(Task call)
    {
        try
        {
            await call;
            journal.Add(this.GetPrimaryKeyString(), "answered");
        }
        catch (TimeoutException)
        {
            journal.Add(this.GetPrimaryKeyString(), "timed out");
        }
    }
}
