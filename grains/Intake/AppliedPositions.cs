namespace Customer360.Grains;

/// <summary>
/// Up to which position every message has been applied, though they are applied out of order: the front of the queue
/// moves over what is done.
/// </summary>
internal sealed class AppliedPositions
{
    private readonly Queue<Delivery> _underWay = new();
    private readonly PriorityQueue<Action, long> _watchers = new();

    /// <summary>Every message up to here is applied.</summary>
    public long Position { get; private set; }

    public int Waiting => _underWay.Count;

    /// <summary>Those of the waiting that come from the log, not from a call.</summary>
    public int Recovering { get; private set; }

    /// <summary>Begins behind a position up to which all was applied before.</summary>
    public void StartAt(long position) => Position = position;

    /// <summary>Adds a message; they come in order of position.</summary>
    public void Add(Delivery delivery)
    {
        _underWay.Enqueue(delivery);
        Recovering += delivery.Call is null ? 1 : 0;
    }

    /// <summary>True where nothing up to that position waits.</summary>
    public bool HasNoneUpTo(long position) =>
        !_underWay.TryPeek(out Delivery? front) || front.Message.Position > position;

    /// <summary>Tells when the message at that position (which is somebody else's, or an old one) is applied.</summary>
    public void Watch(long position, Action applied)
    {
        if (position <= Position)
        {
            applied();
        }
        else
        {
            _watchers.Enqueue(applied, position);
        }
    }

    public void MarkApplied(Delivery delivery)
    {
        delivery.Call?.MarkApplied();
        MoveOver(delivery);
    }

    /// <summary>It is not waited for any more; but its call is not told that it was applied, since it was not.</summary>
    public void SetAside(Delivery delivery) => MoveOver(delivery);

    private void MoveOver(Delivery delivery)
    {
        delivery.Applied = true;
        Recovering -= delivery.Call is null ? 1 : 0;
        while (_underWay.TryPeek(out Delivery? front) && front.Applied)
        {
            Position = _underWay.Dequeue().Message.Position;
        }

        while (_watchers.TryPeek(out Action? applied, out long position) && position <= Position)
        {
            _watchers.Dequeue();
            applied();
        }
    }
}
