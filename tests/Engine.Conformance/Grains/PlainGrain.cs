using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.plain")]
public interface IPlainGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task<int> Add(int amount);

    [Alias("startTimer")]
    Task StartTimer();

    [Alias("askNeighbour")]
    Task<int> AskNeighbour(string key);

    [Alias("retire")]
    Task Retire();
}

/// <summary>A grain without a base class: what it needs comes by its constructor.</summary>
public sealed class PlainGrain(
    IGrainContext context,
    IGrainFactory grains,
    [PersistentState("plain")] IPersistentState<Accumulated> state,
    Journal journal
) : IGrainBase, IPlainGrain
{
    private string Key => GrainContext.GrainId.Key.ToString()!;

    public IGrainContext GrainContext { get; } = context;

    public Task OnActivateAsync(CancellationToken token)
    {
        journal.Add(Key, $"activated with {state.State.Total}");
        return Task.CompletedTask;
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        journal.Add(Key, $"deactivated {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public async Task<int> Add(int amount)
    {
        state.State = new Accumulated { Total = state.State.Total + amount };
        await state.WriteStateAsync();
        return state.State.Total;
    }

    public Task StartTimer()
    {
        this.RegisterGrainTimer(
            () =>
            {
                journal.Add(Key, "tick");
                return Task.CompletedTask;
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(20)
        );
        return Task.CompletedTask;
    }

    public Task<int> AskNeighbour(string key) => grains.GetGrain<IPlainGrain>(key).Add(1);

    public Task Retire()
    {
        this.DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
