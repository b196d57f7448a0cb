using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

internal static partial class QualityMonitorGrainLog
{
    [LoggerMessage(
        190,
        LogLevel.Warning,
        "The check {Check} could not look ({Error}); it is asked again within minutes."
    )]
    public static partial void CheckNotLooked(this ILogger logger, string check, string error);
}
