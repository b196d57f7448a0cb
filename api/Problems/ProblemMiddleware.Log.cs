namespace Customer360.Api.Problems;

public sealed partial class ProblemMiddleware
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The caller went away")]
    private partial void LogCallerLeft();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Route}: unavailable ({ExceptionType}), request {RequestId}")]
    private partial void LogUnavailable(string route, string exceptionType, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route}: what is stored is damaged, request {RequestId}")]
    private partial void LogDamaged(string route, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route}: a bug answered 500, request {RequestId}: {Exception}")]
    private partial void LogBug(string route, string requestId, string exception);
}
