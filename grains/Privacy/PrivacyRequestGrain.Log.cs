using Customer360.Grains.Contracts;
using Customer360.Rules.Privacy;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

internal static partial class PrivacyRequestGrainLog
{
    [LoggerMessage(171, LogLevel.Information, "Privacy request {RequestId} ({Kind}) is at {Phase}.")]
    public static partial void PrivacyStep(
        this ILogger logger,
        string requestId,
        PrivacyRequestKind kind,
        ErasurePhase phase
    );

    [LoggerMessage(
        172,
        LogLevel.Warning,
        "Privacy request {RequestId} was interrupted ({Error}); it goes on within a minute."
    )]
    public static partial void PrivacyInterrupted(this ILogger logger, string requestId, string error);

    /// <summary>The type and the stack, never the message: it may hold somebody's identifier.</summary>
    [LoggerMessage(173, LogLevel.Error, "A bug keeps privacy request {RequestId} from going on: {Error} {Stack}")]
    public static partial void PrivacyFailed(this ILogger logger, string requestId, string error, string stack);
}
