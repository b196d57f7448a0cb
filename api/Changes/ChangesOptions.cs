namespace Customer360.Api.Changes;

/// <summary>How streams of changes are kept open. Section <c>Customer360:Changes</c> of the settings.</summary>
public sealed class ChangesOptions
{
    public const string Section = "Customer360:Changes";

    /// <summary>
    /// After so many seconds without an event a comment is sent, so that nobody between takes the stream for dead; the grid looks by itself as
    /// often, should no hint have come. Default: 15.
    /// </summary>
    public int HeartbeatSeconds { get; set; } = 15;

    /// <summary>Streams that a key or a subject of tokens may have open in a process. Default: 20.</summary>
    public int StreamsPerCallerMax { get; set; } = 20;

    /// <summary>Streams that may be open in a process. Default: 1,000.</summary>
    public int StreamsMax { get; set; } = 1_000;

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        HeartbeatSeconds is < 1 or > 300 ? $"{Section}:HeartbeatSeconds must be 1 to 300."
        : StreamsPerCallerMax is < 1 or > 100_000 ? $"{Section}:StreamsPerCallerMax must be 1 to 100000."
        : StreamsMax is < 1 or > 100_000 ? $"{Section}:StreamsMax must be 1 to 100000."
        : null;
}
