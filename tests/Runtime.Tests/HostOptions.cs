namespace Customer360.Runtime.Tests;

/// <summary>What a test may ask of a host; the defaults keep every clock out of the way.</summary>
public sealed record HostOptions
{
    /// <summary>How long a caller waits for an answer. Default: 30 seconds.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may idle. Default: 15 minutes.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The shortest period of a reminder. Default: 100 milliseconds.</summary>
    public TimeSpan MinimumReminderPeriod { get; init; } = TimeSpan.FromMilliseconds(100);
}
