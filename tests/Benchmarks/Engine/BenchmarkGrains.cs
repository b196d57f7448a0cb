namespace Customer360.Benchmarks.Engine;

/// <summary>Answers at once.</summary>
public interface ITallyGrain : IGrainWithIntegerKey
{
    Task<long> Add(long amount);
}

/// <summary>Calls others, one call after the other.</summary>
public interface ICallerGrain : IGrainWithIntegerKey
{
    Task<long> CallMany(int calls, int grainCount, int seed);
}

/// <summary>Has a stored state.</summary>
public interface IStoredGrain : IGrainWithIntegerKey
{
    Task<int> Get();
}

[GenerateSerializer]
public sealed class StoredState
{
    [Id(0)]
    public int Value { get; set; }
}

public sealed class TallyGrain : Grain, ITallyGrain
{
    private long _sum;

    public Task<long> Add(long amount)
    {
        _sum += amount;
        return Task.FromResult(_sum);
    }
}

public sealed class CallerGrain(IGrainFactory grains) : Grain, ICallerGrain
{
    public async Task<long> CallMany(int calls, int grainCount, int seed)
    {
        var targets = Enumerable
            .Range(0, 64)
            .Select(index => grains.GetGrain<ITallyGrain>((seed * 64 + index) % grainCount))
            .ToArray();
        var sum = 0L;
        for (var call = 0; call < calls; call++)
        {
            sum += await targets[call & 63].Add(1);
        }

        return sum;
    }
}

public sealed class StoredGrain([PersistentState("state", "bench")] IPersistentState<StoredState> state)
    : Grain,
        IStoredGrain
{
    public Task<int> Get() => Task.FromResult(state.State.Value);
}
