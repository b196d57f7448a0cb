namespace Customer360.Api.Collect;

/// <summary>Limits of the collect endpoints. Section <c>Customer360:Collect</c> of the settings.</summary>
public sealed class CollectOptions
{
    /// <summary>
    /// Bytes of a body, unpacked. Default: 512,000, which is what SDKs fill a batch to (500 KB). 1,024 to 100,000,000.
    /// </summary>
    public int BodyBytesMax { get; set; } = 512_000;

    /// <summary>Messages of a batch that are taken; the ones beyond are refused by receipt. Default: 2,500.</summary>
    public int BatchMessagesMax { get; set; } = 2_500;

    /// <summary>Depth of arrays and objects in a body. Default: 64.</summary>
    public int DepthMax { get; set; } = 64;

    /// <summary>How long a body may take to arrive. Default: 30 seconds.</summary>
    public TimeSpan BodyTimeMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes a second that a body must come with on average, from its fifth second on; a slower one is answered 408. It holds for
    /// every request of the process. Default: 1,000, a fifth of what a phone has in the slowest network.
    /// </summary>
    public int BodyBytesPerSecondMin { get; set; } = 1_000;

    /// <summary>How long <c>?wait=applied</c> waits. Default: 5 seconds.</summary>
    public TimeSpan WaitTimeMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Bytes of bodies under way in the whole process; beyond, requests are asked to come again (429). They count as they arrive.
    /// A key has half of it at most, and less where others have much; those without a key have half of it together. What a
    /// request takes in memory is about four times its body. Default: 64 MB.
    /// </summary>
    public long BytesInFlightMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Collect requests under way in the whole process, shared out like the bytes; beyond, 429. Default: 4,000.</summary>
    public int RequestsInFlightMax { get; set; } = 4_000;

    /// <summary>What a sender is told to wait when this process has too much under way. Whole seconds. Default: 1.</summary>
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { BodyBytesMax: < 1024 or > 100_000_000 } => "Customer360:Collect:BodyBytesMax must be 1024 to 100000000.",
            { BatchMessagesMax: < 1 } => "Customer360:Collect:BatchMessagesMax must be at least 1.",
            { DepthMax: < 8 or > 1000 } => "Customer360:Collect:DepthMax must be 8 to 1000.",
            { BodyBytesPerSecondMin: < 1 or > 1_000_000 } =>
                "Customer360:Collect:BodyBytesPerSecondMin must be 1 to 1000000.",
            { RequestsInFlightMax: < 1 } => "Customer360:Collect:RequestsInFlightMax must be at least 1.",
            { RetryAfterSeconds: < 1 or > 300 } => "Customer360:Collect:RetryAfterSeconds must be 1 to 300.",
            _ when BytesInFlightMax < BodyBytesMax =>
                "Customer360:Collect:BytesInFlightMax must be at least BodyBytesMax.",
            _ when BodyTimeMax <= TimeSpan.Zero => "Customer360:Collect:BodyTimeMax must be positive.",
            _ when WaitTimeMax <= TimeSpan.Zero => "Customer360:Collect:WaitTimeMax must be positive.",
            _ => null,
        };
}
