namespace Customer360.Storage.Pipelines;

/// <summary>One caller's request on its way through a pipeline.</summary>
internal abstract class PipelineWork
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private int _state;

    /// <summary>What it counts against the rows of a batch.</summary>
    public virtual int Rows => 1;

    /// <summary>What it counts against the bytes of a batch and of the queue.</summary>
    public virtual long Bytes => 64;

    /// <summary>Requests that touch the same row have the same number, and so the same lane: they keep their order.</summary>
    public virtual int Affinity => 0;

    /// <summary>False where the caller has withdrawn it meanwhile; once true, it will be carried out.</summary>
    internal bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    private protected void Withdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Waiting);

    /// <summary>Gives the caller its result. Called once what was done is durable.</summary>
    internal abstract void Complete();

    internal abstract void Fail(Exception failure);
}

/// <summary>A request whose answer is a <typeparamref name="TResult"/>.</summary>
internal abstract class PipelineWork<TResult> : PipelineWork
{
    // Callers' code must not run on the pipeline's thread.
    private readonly TaskCompletionSource<TResult> _completion = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private CancellationTokenRegistration _registration;

    /// <summary>Set while the batch is carried out; the caller sees it only after <see cref="Complete"/>.</summary>
    public TResult? Result { get; set; }

    public Task<TResult> Completion => _completion.Task;

    /// <summary>A cancelled request that waits is withdrawn; one already taken up is carried out unwatched.</summary>
    internal void WithdrawOn(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (work, token) => ((PipelineWork<TResult>)work!).Cancel(token),
                this
            );
        }
    }

    internal override void Complete()
    {
        _registration.Dispose();
        _completion.TrySetResult(Result!);
    }

    internal override void Fail(Exception failure)
    {
        _registration.Dispose();
        _completion.TrySetException(failure);
    }

    private void Cancel(CancellationToken token)
    {
        Withdraw();
        _completion.TrySetCanceled(token);
    }
}
