using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Customer360.Engine.Local.Tests;

/// <summary>Keeps values of one type; a generic class behind a generic interface.</summary>
public interface IBoxGrain<T> : IGrainWithStringKey
{
    Task<T?> Swap(T value);
}

public sealed class BoxGrain<T> : Grain, IBoxGrain<T>
{
    private T? _value;

    public Task<T?> Swap(T value)
    {
        var previous = _value;
        _value = value;
        return Task.FromResult(previous);
    }
}

public interface IWorkerGrain : IGrainWithIntegerKey
{
    Task<ActivationId> Work(int milliseconds);
}

[StatelessWorker(3)]
public sealed class WorkerGrain : Grain, IWorkerGrain
{
    public async Task<ActivationId> Work(int milliseconds)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        return GrainContext.ActivationId;
    }
}

public interface IListener : IGrainObserver
{
    Task Heard(string word);
}

public interface ISpeakerGrain : IGrainWithStringKey
{
    Task Say(IListener listener, string word);
}

public sealed class SpeakerGrain : Grain, ISpeakerGrain
{
    public Task Say(IListener listener, string word) => listener.Heard(word);
}

public interface IStuckGrain : IGrainWithStringKey
{
    /// <summary>Blocks its thread, which no grain should.</summary>
    Task Block();

    Task<int> Wait(int milliseconds);
}

public sealed class StuckGrain(ManualResetEventSlim gate) : Grain, IStuckGrain
{
    private int _waits;

    public Task Block()
    {
        gate.Wait();
        return Task.CompletedTask;
    }

    public async Task<int> Wait(int milliseconds)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        return ++_waits;
    }
}

/// <summary>Notes the order in which its calls ran.</summary>
public interface INoteGrain : IGrainWithIntegerKey
{
    Task Note(int rounds);
}

public sealed class NoteGrain(List<string> notes) : Grain, INoteGrain
{
    public async Task Note(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            notes.Add($"{this.GetPrimaryKeyLong()}.{round}");
            await Task.Yield();
        }
    }
}
