using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Telemetry;

/// <summary>
/// Keeps a trouble that repeats itself from filling the disk: of warnings and errors of one kind the same words pass once a
/// minute, and different ones a few times. What is left out is counted, and told with the next that passes. Thread-safe.
/// </summary>
internal sealed class LogPace(TimeProvider time)
{
    /// <summary>Different words of one kind that pass in a minute: the eight partitions of a grid, and some more.</summary>
    private const int TextsMax = 20;

    /// <summary>Kinds that are told apart. There are as many as places that log; beyond, all further ones are one kind.</summary>
    private const int KindsMax = 1_000;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private static readonly (string, int, LogLevel) s_rest = ("", 0, LogLevel.None);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Category, int Event, LogLevel Level), Kind> _kinds = [];

    /// <summary>Whether a line passes.</summary>
    /// <param name="category">Who logs.</param>
    /// <param name="level">Below warnings everything passes: who turns that on wants it.</param>
    /// <param name="eventId">Which of its lines.</param>
    /// <param name="text">What it says.</param>
    /// <param name="leftOut">How many lines of the kind were left out since the last that passed in a window before.</param>
    public bool Admits(string category, LogLevel level, EventId eventId, string text, out int leftOut)
    {
        leftOut = 0;
        if (level < LogLevel.Warning)
        {
            return true;
        }

        lock (_lock)
        {
            Kind kind = Find((category, eventId.Id, level));
            if (time.GetElapsedTime(kind.Since) >= s_window)
            {
                leftOut = kind.LeftOut;
                kind.Begin(time.GetTimestamp());
            }

            if (kind.Texts.Count < TextsMax && kind.Texts.Add(text.GetHashCode(StringComparison.Ordinal)))
            {
                return true;
            }

            kind.LeftOut++;
            return false;
        }
    }

    private Kind Find((string Category, int Event, LogLevel Level) key)
    {
        if (_kinds.TryGetValue(key, out Kind? known))
        {
            return known;
        }

        if (_kinds.Count >= KindsMax && key != s_rest)
        {
            return Find(s_rest);
        }

        var kind = new Kind();
        kind.Begin(time.GetTimestamp());
        _kinds.Add(key, kind);
        return kind;
    }

    private sealed class Kind
    {
        public long Since { get; private set; }

        public int LeftOut { get; set; }

        /// <summary>By their hashes: two that share one are one too few in a log.</summary>
        public HashSet<int> Texts { get; } = [];

        public void Begin(long now)
        {
            Since = now;
            LeftOut = 0;
            Texts.Clear();
        }
    }
}
