using Customer360.Grains.Contracts;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

internal static partial class JobGrainLog
{
    [LoggerMessage(151, LogLevel.Information, "Job {JobId} ended: {Status}.")]
    public static partial void JobEnded(this ILogger logger, string jobId, JobStatus status);

    [LoggerMessage(152, LogLevel.Information, "Job {JobId} stopped.")]
    public static partial void JobStopped(this ILogger logger, string jobId);

    [LoggerMessage(153, LogLevel.Warning, "Job {JobId} was interrupted ({Error}); it goes on within a minute.")]
    public static partial void JobInterrupted(this ILogger logger, string jobId, string error);

    public static void JobFailed(this ILogger logger, string jobId, Exception error) =>
        logger.JobFailed(jobId, error.GetType().Name, error.StackTrace ?? "");

    /// <summary>The type and the stack, never the message: it may hold somebody's identifier.</summary>
    [LoggerMessage(154, LogLevel.Error, "A bug ended job {JobId}: {Error} {Stack}")]
    private static partial void JobFailed(this ILogger logger, string jobId, string error, string stack);
}
