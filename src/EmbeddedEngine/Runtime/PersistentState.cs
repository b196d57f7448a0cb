using Orleans;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Something that is read from storage while an activation starts.</summary>
internal interface IReadAtStart
{
    Task ReadAtStartAsync(CancellationToken token);
}

/// <summary>
/// A part of a grain's state. It is its own <see cref="IGrainState{T}"/>, so that an idle activation keeps one object per
/// state and not two.
/// </summary>
/// <remarks>
/// Operations of one state never overlap: each waits for the one before. Of several writes that wait only one is made,
/// because it would write the same state.
/// </remarks>
internal sealed class PersistentState<TState> : IPersistentState<TState>, IGrainState<TState>, IReadAtStart
{
    private readonly Activation _activation;
    private readonly StateSlot<TState> _slot;
    private TState? _state;
    private string? _etag;
    private bool _recordExists;
    private bool _wasRead;

    // The operation that runs and the ones that wait for it; null when nothing runs. Only touched in turns.
    private OperationQueue? _operations;

    public PersistentState(Activation activation, StateSlot<TState> slot)
    {
        _activation = activation;
        _slot = slot;
        _state = StateDefaults<TState>.Make();
    }

    private enum Operation
    {
        Read,
        Write,
        Clear,
    }

    /// <inheritdoc />
    public TState State
    {
        get
        {
            CheckContext();
            return _state!;
        }
        set
        {
            CheckContext();
            _state = value;
        }
    }

    /// <inheritdoc />
    public string? Etag => _etag;

    /// <inheritdoc />
    public bool RecordExists =>
        _wasRead ? _recordExists : throw new InvalidOperationException("State has not yet been loaded");

    // What the storage fills; it may do so on any thread, while the grain awaits it.
    TState? IGrainState<TState>.State
    {
        get => _state;
        set => _state = value;
    }

    string? IGrainState<TState>.ETag
    {
        get => _etag;
        set => _etag = value;
    }

    bool IGrainState<TState>.RecordExists
    {
        get => _recordExists;
        set => _recordExists = value;
    }

    /// <inheritdoc />
    public Task ReadStateAsync() => Run(Operation.Read, CancellationToken.None);

    /// <inheritdoc />
    public Task WriteStateAsync() => Run(Operation.Write, CancellationToken.None);

    /// <inheritdoc />
    public Task ClearStateAsync() => Run(Operation.Clear, CancellationToken.None);

    /// <inheritdoc />
    public Task ReadStateAsync(CancellationToken cancellationToken) => Run(Operation.Read, cancellationToken);

    /// <inheritdoc />
    public Task WriteStateAsync(CancellationToken cancellationToken) => Run(Operation.Write, cancellationToken);

    /// <inheritdoc />
    public Task ClearStateAsync(CancellationToken cancellationToken) => Run(Operation.Clear, cancellationToken);

    /// <inheritdoc />
    public async Task ReadAtStartAsync(CancellationToken token)
    {
        // Nothing else can run yet, so the queue is not needed.
        try
        {
            await _slot.Storage.ReadStateAsync(_slot.Name, _activation.GrainId, this, token);
            _wasRead = true;
        }
        catch (Exception exception) when (exception is not (OrleansException or OperationCanceledException))
        {
            throw Wrap(exception, Operation.Read);
        }
    }

    private Task Run(Operation operation, CancellationToken token)
    {
        CheckContext();
        if (_operations is not { } operations)
        {
            operations = _operations = new OperationQueue { Count = 1 };
            return operations.Last = RunNow(operations, operation, token);
        }

        if (operation == Operation.Write && operations.WaitingWrite is { } write && !token.CanBeCanceled)
        {
            return write;
        }

        operations.Count++;
        var task = RunAfter(operations.Last!, operations, operation, token);
        operations.Last = task;
        operations.WaitingWrite = operation == Operation.Write && !token.CanBeCanceled ? task : null;
        return task;
    }

    private async Task RunAfter(Task previous, OperationQueue operations, Operation operation, CancellationToken token)
    {
        await previous.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
        if (operation == Operation.Write)
        {
            // From here on the state may change after it was written, so a further write is a new one.
            operations.WaitingWrite = null;
        }

        await RunNow(operations, operation, token);
    }

    private async Task RunNow(OperationQueue operations, Operation operation, CancellationToken token)
    {
        try
        {
            var storage = _slot.Storage;
            switch (operation)
            {
                case Operation.Read:
                    await storage.ReadStateAsync(_slot.Name, _activation.GrainId, this, token);
                    _wasRead = true;
                    break;
                case Operation.Write:
                    await storage.WriteStateAsync(_slot.Name, _activation.GrainId, this, token);
                    break;
                default:
                    await storage.ClearStateAsync(_slot.Name, _activation.GrainId, this, token);
                    break;
            }
        }
        catch (Exception exception) when (exception is not (OrleansException or OperationCanceledException))
        {
            throw Wrap(exception, operation);
        }
        finally
        {
            if (--operations.Count == 0)
            {
                _operations = null;
            }
        }
    }

    private OrleansException Wrap(Exception exception, Operation operation) =>
        new(
            $"Error from storage \"{_slot.StorageName}\" during {operation} of \"{_slot.Name}\" "
                + $"for grain {_activation.GrainId}: {exception.Message}",
            exception
        );

    private static void CheckContext()
    {
        if (RuntimeContext.Current is null)
        {
            throw new InvalidOperationException(
                "Grain state was used outside of the grain, for example after ConfigureAwait(false) or on a pool thread."
            );
        }
    }

    private sealed class OperationQueue
    {
        /// <summary>Operations that run or wait.</summary>
        public int Count { get; set; }

        public Task? Last { get; set; }

        public Task? WaitingWrite { get; set; }
    }
}
