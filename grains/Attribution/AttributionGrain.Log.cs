using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

internal static partial class AttributionGrainLog
{
    [LoggerMessage(340, LogLevel.Warning, "Crediting was interrupted ({Error}); it goes on within half a minute.")]
    public static partial void CreditInterrupted(this ILogger logger, string error);

    /// <summary>The type and the stack, never the message: it may hold what somebody wrote.</summary>
    [LoggerMessage(341, LogLevel.Error, "A bug keeps crediting back: {Error} {Stack}")]
    public static partial void CreditFailed(this ILogger logger, string error, string stack);

    [LoggerMessage(
        343,
        LogLevel.Error,
        "The conversion {ConversionId} could not be credited anew, and is left as it was: {Error} {Stack}"
    )]
    public static partial void NotCreditedAnew(this ILogger logger, string conversionId, string error, string stack);

    [LoggerMessage(
        342,
        LogLevel.Error,
        "The effect {EffectId} moved no credit yet, and is tried again: {Error} {Stack}"
    )]
    public static partial void CreditNotMoved(this ILogger logger, string effectId, string error, string stack);
}
