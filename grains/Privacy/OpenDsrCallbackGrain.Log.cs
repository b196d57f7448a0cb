using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>Receivers are told apart by their places: a URL is the sender's text, and may hold a secret of its own.</summary>
internal static partial class OpenDsrCallbackGrainLog
{
    [LoggerMessage(
        174,
        LogLevel.Information,
        "Receiver {Place} of privacy request {RequestId} was called back, try {Tries}: {Result}."
    )]
    public static partial void CallbackTried(
        this ILogger logger,
        string requestId,
        int place,
        int tries,
        CallbackResult result
    );

    [LoggerMessage(
        175,
        LogLevel.Warning,
        "Receiver {Place} of privacy request {RequestId} is not told any more that it is {Status}: it took none of the tries."
    )]
    public static partial void CallbackGivenUp(this ILogger logger, string requestId, int place, string status);

    [LoggerMessage(
        176,
        LogLevel.Warning,
        "Callbacks of privacy request {RequestId} were interrupted ({Error}); they go on within a minute."
    )]
    public static partial void CallbacksInterrupted(this ILogger logger, string requestId, string error);

    /// <summary>The type and the stack, never the message: it may hold what a sender wrote.</summary>
    [LoggerMessage(177, LogLevel.Error, "A bug keeps callbacks of privacy request {RequestId} back: {Error} {Stack}")]
    public static partial void CallbacksFailed(this ILogger logger, string requestId, string error, string stack);
}
