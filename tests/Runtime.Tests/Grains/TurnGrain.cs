using Customer360.Runtime.Tests.Support;
using Orleans.Concurrency;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.turn")]
public interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>Notes "enter", waits at the gate, notes "leave".</summary>
    [Alias("hold")]
    Task Hold(string name, string gate);

    [AlwaysInterleave]
    [Alias("holdInterleaving")]
    Task HoldInterleaving(string name, string gate);

    [Alias("append")]
    Task Append(string entry);

    /// <summary>Reads a number, awaits a few times, writes it back plus one: interleaved turns would lose some.</summary>
    [Alias("addSlowly")]
    Task<int> AddSlowly();

    /// <summary>Sends <paramref name="count"/> appends to another grain, one after the other, and then awaits them all.</summary>
    [Alias("sendAppends")]
    Task SendAppends(string target, int count);

    /// <summary>Comes back at once, whatever the grain is doing.</summary>
    [AlwaysInterleave]
    [Alias("fence")]
    Task Fence();
}

public sealed class TurnGrain(Gates gates, Journal journal) : Grain, ITurnGrain
{
    private int _count;

    public async Task Hold(string name, string gate)
    {
        journal.Add(this.GetPrimaryKeyString(), $"enter {name}");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), $"leave {name}");
    }

    public Task HoldInterleaving(string name, string gate) => Hold(name, gate);

    public Task Append(string entry)
    {
        journal.Add(this.GetPrimaryKeyString(), entry);
        return Task.CompletedTask;
    }

    public async Task<int> AddSlowly()
    {
        var seen = _count;
        for (var i = 0; i < 5; i++)
        {
            await Task.Yield();
        }

        _count = seen + 1;
        return _count;
    }

    public Task SendAppends(string target, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(n => GrainFactory.GetGrain<ITurnGrain>(target).Append($"{n}")));

    public Task Fence() => Task.CompletedTask;
}
