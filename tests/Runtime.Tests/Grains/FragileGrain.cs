using System.Collections.Concurrent;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.fragile")]
public interface IFragileGrain : IGrainWithStringKey
{
    [Alias("mark")]
    Task<int> Mark();
}

/// <summary>Fails its first activation, once the gate of its key is open, with an exception that names the key, and recovers at the second.</summary>
public sealed class FragileGrain(Gates gates, Journal journal) : Grain, IFragileGrain
{
    private int _mark;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _mark = journal.Add(this.GetPrimaryKeyString(), "activating");
        await gates.Passed(this.GetPrimaryKeyString());
        if (_mark == 1)
        {
            throw new InvalidOperationException($"no first time for {this.GetPrimaryKeyString()}");
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), $"deactivated {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Mark() => Task.FromResult(_mark);
}

[Alias("runtime.unconstructible")]
public interface IUnconstructibleGrain : IGrainWithStringKey
{
    [Alias("mark")]
    Task<int> Mark();
}

/// <summary>Fails in its first construction.</summary>
public sealed class UnconstructibleGrain : Grain, IUnconstructibleGrain
{
    // Shared by all hosts of a run, but each key is one test's.
    private static readonly ConcurrentDictionary<string, int> s_constructions = new(StringComparer.Ordinal);
    private readonly int _mark;

    public UnconstructibleGrain(IGrainContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _mark = s_constructions.AddOrUpdate(context.GrainId.Key.ToString()!, 1, (_, count) => count + 1);
        if (_mark == 1)
        {
            throw new InvalidOperationException("no first time");
        }
    }

    public Task<int> Mark() => Task.FromResult(_mark);
}
