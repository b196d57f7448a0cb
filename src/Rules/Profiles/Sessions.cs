using System.Runtime.InteropServices;

namespace Customer360.Rules.Profiles;

/// <summary>A stretch of a person's activity without a gap of more than <see cref="SessionCutter.GapMax"/>.</summary>
/// <param name="StartAt">The first event's time, UTC.</param>
/// <param name="EndAt">The last event's time; the same where there is one event.</param>
/// <param name="EventCount">1 or more.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Session(DateTimeOffset StartAt, DateTimeOffset EndAt, long EventCount);

/// <summary>
/// Cuts a rising stream of event times into sessions: an event more than 30 minutes after the one before it begins a
/// new one (the web's customary rule; exactly 30 minutes still belongs). Constant memory, so it runs over a log page
/// by page.
/// </summary>
public struct SessionCutter
{
    public static readonly TimeSpan GapMax = TimeSpan.FromMinutes(30);

    private Session _open;

    /// <summary>Takes the next time. Returns the session that it ended, else null.</summary>
    /// <exception cref="ArgumentException">The time lies before the last one.</exception>
    public Session? Take(DateTimeOffset time)
    {
        if (_open.EventCount == 0)
        {
            _open = new Session(time, time, 1);
            return null;
        }

        if (time < _open.EndAt)
        {
            throw new ArgumentException("Times of a session must rise.", nameof(time));
        }

        if (time - _open.EndAt <= GapMax)
        {
            _open = _open with { EndAt = time, EventCount = _open.EventCount + 1 };
            return null;
        }

        Session ended = _open;
        _open = new Session(time, time, 1);
        return ended;
    }

    /// <summary>The session under way when the stream is over; null where there was no event. Begins anew.</summary>
    public Session? End()
    {
        Session open = _open;
        _open = default;
        return open.EventCount == 0 ? null : open;
    }
}

/// <summary>Cuts whole streams; see <see cref="SessionCutter"/>.</summary>
public static class Sessions
{
    /// <param name="times">Rising.</param>
    /// <exception cref="ArgumentException">A time lies before the one before it.</exception>
    public static IEnumerable<Session> Cut(IEnumerable<DateTimeOffset> times)
    {
        var cutter = default(SessionCutter);
        foreach (DateTimeOffset time in times)
        {
            if (cutter.Take(time) is { } ended)
            {
                yield return ended;
            }
        }

        if (cutter.End() is { } last)
        {
            yield return last;
        }
    }
}
