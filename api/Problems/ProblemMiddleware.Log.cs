namespace Customer360.Api.Problems;

public sealed partial class ProblemMiddleware
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The caller went away")]
    private partial void LogCallerLeft();
}
