namespace Customer360.Api.Collect;

/// <summary>
/// Gives each message of this process a time of receipt of its own, in the order of arrival: of requests, then of messages
/// in one. Where two messages happened at the same time, that is what tells which of them is the later word. Thread-safe.
/// </summary>
/// <remarks>
/// A tenth of a microsecond apart, so the times are ahead of the clock only while more than ten million messages come in a
/// second, or the clock stands.
/// </remarks>
public sealed class ReceiptClock
{
    private long _last;

    /// <summary>The first of so many times, a tick apart each; none of them was given before.</summary>
    /// <param name="now">When the request came in.</param>
    /// <param name="count">Its messages.</param>
    public DateTimeOffset Take(DateTimeOffset now, int count)
    {
        long known = Volatile.Read(ref _last);
        while (true)
        {
            long first = Math.Max(now.UtcTicks, known + 1);
            long found = Interlocked.CompareExchange(ref _last, first + Math.Max(count, 1) - 1, known);
            if (found == known)
            {
                return new DateTimeOffset(first, TimeSpan.Zero);
            }

            known = found;
        }
    }
}
