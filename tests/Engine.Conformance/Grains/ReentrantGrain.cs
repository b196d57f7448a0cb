using Customer360.Engine.Conformance.Support;
using Orleans.Concurrency;

namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.reentrant")]
public interface IReentrantGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task Hold(string name, string gate);

    /// <summary>Calls itself through a reference and answers what came back.</summary>
    [Alias("callSelf")]
    Task<string> CallSelf();

    [Alias("answer")]
    Task<string> Answer();

    /// <summary>Enters and leaves a section without awaiting inside it; answers how many were in it at most.</summary>
    [Alias("passSections")]
    Task<int> PassSections();
}

[Reentrant]
public sealed class ReentrantGrain(Gates gates, Journal journal) : Grain, IReentrantGrain
{
    private int _inside;
    private int _most;

    public async Task Hold(string name, string gate)
    {
        journal.Add(this.GetPrimaryKeyString(), $"enter {name}");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), $"leave {name}");
    }

    public Task<string> CallSelf() => this.AsReference<IReentrantGrain>().Answer();

    public Task<string> Answer() => Task.FromResult("answered");

    public async Task<int> PassSections()
    {
        for (var i = 0; i < 10; i++)
        {
            await Task.Yield();
            _most = Math.Max(_most, Interlocked.Increment(ref _inside));
            Thread.SpinWait(500);
            Interlocked.Decrement(ref _inside);
        }

        return _most;
    }
}
