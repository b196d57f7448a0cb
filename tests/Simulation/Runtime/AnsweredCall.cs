using Orleans.Serialization.Invocation;

namespace Customer360.Simulation.Runtime;

/// <summary>A request whose caller waits for an answer.</summary>
/// <remarks>
/// Its promise is a plain one and not Orleans' pooled one, because <c>AsTask()</c> of that one would continue in a generated proxy on the
/// thread pool. For the same reason its continuations run at once, where the answer is given.
/// </remarks>
internal sealed class AnsweredCall<T> : Call
{
    private readonly TaskCompletionSource<T?> _promise = new();

    public Task<T?> Promise => _promise.Task;

    public override bool IsAnswered => _promise.Task.IsCompleted;

    public override void Answer(Response response)
    {
        if (response.Exception is { } error)
        {
            _promise.TrySetException(error);
        }
        else
        {
            _promise.TrySetResult(response.GetResult<T>());
        }
    }
}
