using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.deadlock")]
public interface IDeadlockGrain : IGrainWithStringKey
{
    [Alias("ping")]
    Task<string> Ping();

    /// <summary>Calls <see cref="Ping"/> on itself and notes how that ended.</summary>
    [Alias("callSelf")]
    Task CallSelf();

    /// <summary>Calls <paramref name="other"/>, which calls back; each notes how its call ended.</summary>
    [Alias("callAround")]
    Task CallAround(IDeadlockGrain other);

    [Alias("callBack")]
    Task CallBack(IDeadlockGrain caller);

    [Alias("hold")]
    Task Hold(string gate);
}

public sealed class DeadlockGrain(Gates gates, Journal journal) : Grain, IDeadlockGrain
{
    public Task<string> Ping() => Task.FromResult("pong");

    public Task CallSelf() => NoteOutcome(this.AsReference<IDeadlockGrain>().Ping());

    public Task CallAround(IDeadlockGrain other) => NoteOutcome(other.CallBack(this.AsReference<IDeadlockGrain>()));

    public Task CallBack(IDeadlockGrain caller) => NoteOutcome(caller.Ping());

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
