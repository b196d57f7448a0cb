using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.accumulator")]
public interface IAccumulatorGrain : IGrainWithStringKey
{
    [Alias("total")]
    Task<int> Total();

    /// <summary>Adds in memory, writes, and answers the new total.</summary>
    [Alias("add")]
    Task<int> Add(int amount);

    /// <summary>As <see cref="Add"/>, but a lost race is noted and not let out.</summary>
    [Alias("addAndCatch")]
    Task AddAndCatch(int amount);

    /// <summary>Lets another accumulator add, and whatever exception comes of it pass.</summary>
    [Alias("addElsewhere")]
    Task<int> AddElsewhere(string target, int amount);

    [Alias("write")]
    Task Write();

    [Alias("read")]
    Task<int> Read();

    [Alias("recordExists")]
    Task<bool> RecordExists();

    [Alias("etag")]
    Task<string?> Etag();

    /// <summary>Writes to the second storage.</summary>
    [Alias("archive")]
    Task Archive(int amount);

    [Alias("retire")]
    Task Retire();

    [Alias("mark")]
    Task<int> Mark();
}

public sealed class AccumulatorGrain(
    [PersistentState(AccumulatorGrain.StateName)] IPersistentState<Accumulated> state,
    [PersistentState("archived", World.ArchiveName)] IPersistentState<Accumulated> archive,
    Journal journal
) : Grain, IAccumulatorGrain
{
    public const string StateName = "accumulated";

    private int _mark;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // The state is there before the activation's own code.
        _mark = journal.Add(this.GetPrimaryKeyString(), "activated");
        journal.Add(this.GetPrimaryKeyString(), $"found {state.State.Total}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), $"deactivated {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<int> Total() => Task.FromResult(state.State.Total);

    public async Task<int> Add(int amount)
    {
        state.State = new Accumulated { Total = state.State.Total + amount };
        await state.WriteStateAsync();
        return state.State.Total;
    }

    public async Task AddAndCatch(int amount)
    {
        try
        {
            await Add(amount);
        }
        catch (Orleans.Storage.InconsistentStateException)
        {
            journal.Add(this.GetPrimaryKeyString(), "caught");
        }
    }

    public Task<int> AddElsewhere(string target, int amount) =>
        GrainFactory.GetGrain<IAccumulatorGrain>(target).Add(amount);

    public Task Write() => state.WriteStateAsync();

    public async Task<int> Read()
    {
        await state.ReadStateAsync();
        return state.State.Total;
    }

    public Task<bool> RecordExists() => Task.FromResult(state.RecordExists);

    public Task<string?> Etag() => Task.FromResult(state.Etag);

    public async Task Archive(int amount)
    {
        archive.State = new Accumulated { Total = amount };
        await archive.WriteStateAsync();
    }

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<int> Mark() => Task.FromResult(_mark);
}

[GenerateSerializer]
[Alias("runtime.accumulated")]
public sealed record Accumulated
{
    [Id(0)]
    public int Total { get; init; }
}
