using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>A call of <see cref="IIntakeGrain.Collect"/> on its way: stored first, then applied message by message.</summary>
internal sealed class WaitingCall(CollectRequest request, long bytes)
{
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = request.Envelopes.Length;

    // By place; null while the call's messages are taken as they came, which nearly all are.
    private Envelope?[]? _kept;

    public CollectRequest Request { get; } = request;

    public long Bytes { get; private set; } = bytes;

    /// <summary>One per envelope, filled when they are stored.</summary>
    public StoredReceipt[] Receipts { get; } = new StoredReceipt[request.Envelopes.Length];

    /// <summary>True: nothing of it was stored, since rules in force give one of its messages another anchor.</summary>
    public bool HasOtherAnchors { get; private set; }

    /// <summary>One of its messages went into quarantine: its profiles will not show all of it.</summary>
    public bool HasHeld { get; private set; }

    public Task Stored => _stored.Task;

    public Task Applied => _applied.Task;

    /// <summary>The message at a place, as it is stored. It must not be suppressed.</summary>
    public Envelope this[int index] => _kept is null ? Request.Envelopes[index] : _kept[index]!;

    /// <summary>True of a message that is not taken in: its person must not come back.</summary>
    public bool IsSuppressed(int offset) => _kept is not null && _kept[offset] is null;

    /// <summary>Another message stands at that place from now on; null: none does.</summary>
    public void Keep(int offset, Envelope? envelope)
    {
        _kept ??= [.. Request.Envelopes];
        Bytes -= Request.Envelopes[offset].Json.Length - (envelope?.Json.Length ?? 0);
        _kept[offset] = envelope;
    }

    /// <summary>True of a message that another partition has.</summary>
    public bool IsElsewhere(int offset) => Receipts[offset].OtherPartition is not null;

    /// <summary>Ends it: its messages must be read again.</summary>
    public void RefuseAnchors()
    {
        HasOtherAnchors = true;
        MarkStored();
    }

    /// <summary>A message of it is not waited for: it lies in quarantine.</summary>
    public void MarkHeld()
    {
        HasHeld = true;
        MarkApplied();
    }

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
