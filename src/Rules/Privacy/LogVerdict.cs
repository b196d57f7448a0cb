namespace Customer360.Rules.Privacy;

/// <summary>What becomes of a stored message.</summary>
public enum LogFate
{
    /// <summary>It stays as it is.</summary>
    Keep = 0,

    /// <summary>It goes; its position and a keyed hash of its id stay, so that a repeat is still a repeat.</summary>
    Remove = 1,

    /// <summary>It stays with another payload.</summary>
    Replace = 2,
}

/// <param name="Fate">What becomes of it.</param>
/// <param name="Payload">The payload that it has from now on, where it is replaced.</param>
public readonly record struct LogVerdict(LogFate Fate, ReadOnlyMemory<byte> Payload)
{
    public static LogVerdict Keep => default;

    public static LogVerdict Remove => new(LogFate.Remove, default);

    public static LogVerdict Replace(ReadOnlyMemory<byte> payload) => new(LogFate.Replace, payload);
}

/// <summary>Says of each stored message whether it stays. Asked by storage in a pass over the log, by one thread at a time.</summary>
public interface ILogJudge
{
    /// <param name="anchor">As <c>type:value</c>.</param>
    /// <param name="at">When it happened, UTC.</param>
    /// <param name="payload">The envelope's canonical form; valid during the call.</param>
    LogVerdict Judge(string anchor, DateTimeOffset at, ReadOnlySpan<byte> payload);
}
