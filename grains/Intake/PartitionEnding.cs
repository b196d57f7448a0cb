namespace Customer360.Grains;

/// <summary>
/// How a partition's activation ends: first the calls that only wait are let go, so that they don't keep it; then everything
/// stops.
/// </summary>
internal sealed class PartitionEnding : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _leaving = new();

    public PartitionEnding()
    {
        // Kept, because a lane may look at them after the sources are disposed.
        Stop = _stopping.Token;
        Leave = _leaving.Token;
    }

    /// <summary>Ends all that is under way.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Ends the calls that only wait; what is being stored goes on.</summary>
    public CancellationToken Leave { get; }

    /// <summary>It has asked to move to another node.</summary>
    public bool IsLeaving { get; set; }

    public void LetCallsGo() => _leaving.Cancel();

    /// <summary>Not by CancelAsync: it would call what waits on a thread of the pool, beside the grain's turns.</summary>
    public void StopAll()
    {
        _leaving.Cancel();
        _stopping.Cancel();
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _stopping.Dispose();
    }
}
