using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Customer360.Engine.Local.Tests;

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    ValueTask<int> Get();

    Task Save();

    Task<string> WhoAmI();

    [OneWay]
    Task Forget();

    Task Fail(string message);

    Task<int> AddSlowly(int amount, CancellationToken cancellationToken);

    Task<bool> RunsOnItsScheduler();

    Task<TimeSpan> CallMyself();

    Task End();

    Task<ActivationId> Activation();

    IAsyncEnumerable<int> Count(int upTo, CancellationToken cancellationToken = default);

    Task<string?> ReadContext(string key);
}

[GenerateSerializer]
public sealed class CounterState
{
    [Id(0)]
    public int Value { get; set; }
}

public sealed class CounterGrain(
    [PersistentState("counter", "memory")] IPersistentState<CounterState> state,
    IGrainFactory grains
) : Grain, ICounterGrain
{
    public Task<int> Add(int amount)
    {
        state.State.Value += amount;
        return Task.FromResult(state.State.Value);
    }

    public ValueTask<int> Get() => new(state.State.Value);

    public Task Save() => state.WriteStateAsync();

    public Task<string> WhoAmI() => Task.FromResult(this.GetPrimaryKeyString());

    public Task Forget() => throw new InvalidOperationException("nobody listens");

    public async Task Fail(string message)
    {
        await Task.Yield();
        throw new ArgumentException(message);
    }

    public async Task<int> AddSlowly(int amount, CancellationToken cancellationToken)
    {
        var before = state.State.Value;
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        state.State.Value = before + amount;
        return state.State.Value;
    }

    public async Task<bool> RunsOnItsScheduler()
    {
        var first = TaskScheduler.Current;
        await Task.Yield();
        var second = TaskScheduler.Current;
        var third = await Task.Factory.StartNew(
            static () => TaskScheduler.Current,
            CancellationToken.None,
            TaskCreationOptions.None,
            TaskScheduler.Current
        );
        return first != TaskScheduler.Default && first == second && second == third;
    }

    public async Task<TimeSpan> CallMyself()
    {
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            await grains.GetGrain<ICounterGrain>(this.GetPrimaryKeyString()).Get();
        }
        catch (TimeoutException)
        {
            return TimeProvider.System.GetElapsedTime(start);
        }

        return TimeSpan.Zero;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<ActivationId> Activation() => Task.FromResult(GrainContext.ActivationId);

    public async IAsyncEnumerable<int> Count(
        int upTo,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        for (var value = 1; value <= upTo; value++)
        {
            await Task.Yield();
            yield return value;
        }
    }

    public Task<string?> ReadContext(string key) => Task.FromResult(RequestContext.Get(key) as string);
}
