using Orleans.Serialization.Invocation;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>A call that gives no value.</summary>
public abstract class GrainActionRequest : GrainRequest
{
    private readonly TaskCompletionSource _completion = new(CompletionOptions());

    /// <summary>The caller's promise.</summary>
    internal Task Task => _completion.Task;

    internal sealed override bool IsSettled => _completion.Task.IsCompleted;

    /// <summary>Calls the grain's method; written by the generator.</summary>
    protected abstract ValueTask InvokeOn(object grain);

    internal sealed override bool Invoke(Activation activation)
    {
        Task task;
        try
        {
            var pending = InvokeOn(activation.Instance!);
            if (pending.IsCompletedSuccessfully)
            {
                Unlink();
                _completion.TrySetResult();
                return true;
            }

            task = pending.AsTask();
        }
        catch (Exception exception)
        {
            activation.ObserveFailure(this, exception);
            TryFail(exception);
            return true;
        }

        if (task.IsCompleted)
        {
            Settle(task, activation);
            return true;
        }

        _ = task.ContinueWith(
            static (task, state) =>
            {
                var request = (GrainActionRequest)state!;
                var activation = Activation.CurrentTurn!;
                request.Settle(task, activation);
                activation.Finish(request);
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach,
            activation
        );
        return false;
    }

    internal sealed override async ValueTask<Response> InvokeAsync(object grain)
    {
        try
        {
            await InvokeOn(grain);
            return Response.Completed;
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }

    internal sealed override void Settle(Response response)
    {
        if (response.Exception is { } exception)
        {
            TryFail(exception);
        }
        else
        {
            Unlink();
            _completion.TrySetResult();
        }
    }

    internal sealed override bool TryFail(Exception exception)
    {
        Unlink();
        return _completion.TrySetException(exception);
    }

    internal sealed override bool TryCancel(CancellationToken token) => _completion.TrySetCanceled(token);

    internal sealed override async Task<Response> WhenSettled()
    {
        try
        {
            await _completion.Task;
            return Response.Completed;
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }

    private void Settle(Task task, Activation activation)
    {
        Unlink();
        if (task.IsCompletedSuccessfully)
        {
            _completion.TrySetResult();
        }
        else if (task.IsCanceled)
        {
            _completion.TrySetFromTask(task);
        }
        else
        {
            var exception = task.Exception!.InnerException!;
            activation.ObserveFailure(this, exception);
            _completion.TrySetException(exception);
        }
    }
}
