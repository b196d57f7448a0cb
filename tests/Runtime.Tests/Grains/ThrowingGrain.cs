namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.throwing")]
public interface IThrowingGrain : IGrainWithStringKey
{
    /// <summary>Counts the call, then throws before any await.</summary>
    [Alias("throwAtOnce")]
    Task<int> ThrowAtOnce(string message);

    [Alias("throwAfterAwait")]
    Task ThrowAfterAwait(string message);

    [Alias("throwFromValueTask")]
    ValueTask<int> ThrowFromValueTask(string message);

    [Alias("throwOwn")]
    Task ThrowOwn(string message, int code);

    [Alias("throwNested")]
    Task ThrowNested(string outer, string inner);

    [Alias("throwCancelled")]
    Task ThrowCancelled();

    /// <summary>Lets the exception of another grain pass.</summary>
    [Alias("relay")]
    Task Relay(string target, string message);

    /// <summary>Catches the exception of another grain and answers its type and message.</summary>
    [Alias("catch")]
    Task<string> Catch(string target, string message);

    [Alias("count")]
    Task<int> Count();
}

public sealed class ThrowingGrain : Grain, IThrowingGrain
{
    private int _count;

    public Task<int> ThrowAtOnce(string message)
    {
        _count++;
        throw new InvalidOperationException(message);
    }

    public async Task ThrowAfterAwait(string message)
    {
        _count++;
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public async ValueTask<int> ThrowFromValueTask(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public Task ThrowOwn(string message, int code) => throw new OwnException(message, code);

    public Task ThrowNested(string outer, string inner) =>
        throw new InvalidOperationException(outer, new KeyNotFoundException(inner));

    public Task ThrowCancelled() => Task.FromCanceled(new CancellationToken(canceled: true));

    public Task Relay(string target, string message) =>
        GrainFactory.GetGrain<IThrowingGrain>(target).ThrowAfterAwait(message);

    public async Task<string> Catch(string target, string message)
    {
        try
        {
            await GrainFactory.GetGrain<IThrowingGrain>(target).ThrowAfterAwait(message);
            return "nothing";
        }
        catch (InvalidOperationException exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    public Task<int> Count() => Task.FromResult(_count);
}

/// <summary>An exception of our own, with a fact in it.</summary>
[GenerateSerializer]
[Alias("runtime.ownException")]
public sealed class OwnException(string message, int code) : Exception(message)
{
    [Id(0)]
    public int Code { get; } = code;
}
