using Customer360.Grains.Contracts;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

internal static partial class DestinationGrainLog
{
    [LoggerMessage(
        180,
        LogLevel.Warning,
        "Destination {Destination} is {Status} ({Reason}): what waits is kept until somebody resumes it."
    )]
    public static partial void DestinationStopped(
        this ILogger logger,
        string destination,
        DestinationStatus status,
        string reason
    );

    [LoggerMessage(
        181,
        LogLevel.Warning,
        "Deliveries to {Destination} were interrupted ({Error}); they go on within half a minute."
    )]
    public static partial void DeliveriesInterrupted(this ILogger logger, string destination, string error);

    /// <summary>The type and the stack, never the message: it may hold what somebody wrote.</summary>
    [LoggerMessage(182, LogLevel.Error, "A bug keeps deliveries to {Destination} back: {Error} {Stack}")]
    public static partial void DeliveriesFailed(this ILogger logger, string destination, string error, string stack);

    [LoggerMessage(
        183,
        LogLevel.Warning,
        "Effect {EffectId} could not be sent to {Destination} ({Error}); trying again."
    )]
    public static partial void DeliveryFailed(this ILogger logger, string destination, string effectId, string error);

    [LoggerMessage(
        184,
        LogLevel.Warning,
        "Destination {Destination} was to be stopped, and that could not be written down ({Error}); its next answer says so again."
    )]
    public static partial void DestinationNotStopped(this ILogger logger, string destination, string error);
}
