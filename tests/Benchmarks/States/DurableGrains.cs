using Customer360.Grains.Contracts;

namespace Customer360.Benchmarks.States;

/// <summary>A grain that writes its state, and nothing else.</summary>
[Alias("customer360.benchmarks.durable")]
public interface IDurableGrain : IGrainWithIntegerKey
{
    /// <summary>Changes the state and writes it. The answer comes when it is on disk.</summary>
    [Alias("write")]
    Task Write();
}

/// <summary>Its state is in the grid's own storage.</summary>
[Alias("customer360.benchmarks.ours")]
public interface IOurDurableGrain : IDurableGrain;

/// <summary>Its state is in Orleans' own provider for SQL databases.</summary>
[Alias("customer360.benchmarks.orleans")]
public interface IOrleansDurableGrain : IDurableGrain;

/// <summary>About one kilobyte, as a customer with some traits has.</summary>
[GenerateSerializer]
[Alias("customer360.benchmarks.durable-state")]
public sealed class DurableState
{
    [Id(0)]
    public long Writes { get; set; }

    [Id(1)]
    public string Text { get; set; } = new('x', 1_000);
}

/// <inheritdoc cref="IOurDurableGrain"/>
public sealed class OurDurableGrain(
    [PersistentState("durable", GrainKeys.Storage)] IPersistentState<DurableState> state
) : Grain, IOurDurableGrain
{
    public Task Write()
    {
        state.State.Writes++;
        return state.WriteStateAsync();
    }
}

/// <inheritdoc cref="IOrleansDurableGrain"/>
public sealed class OrleansDurableGrain(
    [PersistentState("durable", StatesBenchmark.OrleansStorage)] IPersistentState<DurableState> state
) : Grain, IOrleansDurableGrain
{
    public Task Write()
    {
        state.State.Writes++;
        return state.WriteStateAsync();
    }
}
