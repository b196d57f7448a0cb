using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

public sealed partial class KeyRingGrain
{
    [LoggerMessage(
        341,
        LogLevel.Warning,
        "The audit does not take {Count} changes of keys yet ({Error}); they are kept, and offered again."
    )]
    private partial void LogNotRecorded(int count, string error);
}
