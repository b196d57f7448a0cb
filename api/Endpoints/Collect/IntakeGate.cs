namespace Customer360.Api.Endpoints.Collect;

/// <summary>
/// Bounds what is under way at once, before a body is read, so memory stays flat whatever arrives. Thread-safe.
/// </summary>
public sealed class IntakeGate(CollectOptions options)
{
    private long _bytes;
    private int _requests;

    /// <summary>Takes a place for a body of so many bytes; false where there is none. Pair it with <see cref="Leave"/>.</summary>
    public bool TryEnter(long bytes)
    {
        // Added first and taken back where it was too much: two at once may both be turned away, never both let in.
        bool fits =
            Interlocked.Add(ref _bytes, bytes) <= options.BytesInFlightMax
            & Interlocked.Increment(ref _requests) <= options.RequestsInFlightMax;
        if (!fits)
        {
            Leave(bytes);
        }

        return fits;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(long bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Decrement(ref _requests);
    }
}
