namespace Customer360.Api.Problems;

public sealed partial class ProblemMiddleware
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The caller went away")]
    private partial void LogCallerLeft();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Route}: unavailable ({ExceptionType})")]
    private partial void LogUnavailable(string route, string exceptionType);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route}: a bug answered 500: {Exception}")]
    private partial void LogBug(string route, string exception);
}
