using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>A call of <see cref="IIntakeGrain.Collect"/> on its way: stored first, then applied message by message.</summary>
internal sealed class WaitingCall(CollectRequest request, long bytes)
{
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = request.Envelopes.Length;

    public CollectRequest Request { get; } = request;

    public long Bytes { get; } = bytes;

    /// <summary>One per envelope, filled when they are stored.</summary>
    public StoredReceipt[] Receipts { get; } = new StoredReceipt[request.Envelopes.Length];

    public Task Stored => _stored.Task;

    public Task Applied => _applied.Task;

    public Envelope this[int index] => Request.Envelopes[index];

    public void MarkStored() => _stored.TrySetResult();

    public void Fail(Exception error)
    {
        _stored.TrySetException(error);
        _applied.TrySetCanceled();
    }

    /// <summary>One more of its messages is in its profile.</summary>
    public void MarkApplied()
    {
        if (--_left == 0)
        {
            _applied.TrySetResult();
        }
    }
}
