using Customer360.Runtime.Tests.Support;
using Orleans.Concurrency;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.reading")]
public interface IReadingGrain : IGrainWithStringKey
{
    [ReadOnly]
    [Alias("read")]
    Task Read(string name, string gate);

    [Alias("write")]
    Task Write(string name, string gate);

    /// <summary>As <see cref="ITurnGrain.Fence"/>.</summary>
    [AlwaysInterleave]
    [Alias("fence")]
    Task Fence();
}

public sealed class ReadingGrain(Gates gates, Journal journal) : Grain, IReadingGrain
{
    public async Task Read(string name, string gate)
    {
        journal.Add(this.GetPrimaryKeyString(), $"enter {name}");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), $"leave {name}");
    }

    public Task Write(string name, string gate) => Read(name, gate);

    public Task Fence() => Task.CompletedTask;
}
