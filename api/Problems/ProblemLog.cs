namespace Customer360.Api.Problems;

/// <summary>Writes into the log what an exception was answered with: outages, damage, bugs.</summary>
/// <param name="logger">Of the middleware, whose category operators know.</param>
public sealed partial class ProblemLog(ILogger<ProblemMiddleware> logger)
{
    /// <summary>
    /// The route's pattern, never the path; the exception's type and stack, never its message: either may hold somebody's
    /// identifier. What the caller brought about is not written.
    /// </summary>
    public void Write(HttpContext context, in Problem problem, Exception exception)
    {
        if (problem.Status < StatusCodes.Status500InternalServerError)
        {
            return;
        }

        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable(route, exception.GetType().Name, context.TraceIdentifier);
        }
        else if (problem.Code == ProblemOf.Damaged)
        {
            LogDamaged(route, context.TraceIdentifier);
        }
        else
        {
            LogBug(route, context.TraceIdentifier, DescribeWithoutMessages(exception));
        }
    }

    private static string DescribeWithoutMessages(Exception exception)
    {
        string text = $"{exception.GetType().FullName}{Environment.NewLine}{exception.StackTrace}";
        return exception.InnerException is { } inner
            ? $"{text}{Environment.NewLine} <- {DescribeWithoutMessages(inner)}"
            : text;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Route}: unavailable ({ExceptionType}), request {RequestId}")]
    private partial void LogUnavailable(string route, string exceptionType, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route}: what is stored is damaged, request {RequestId}")]
    private partial void LogDamaged(string route, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Route}: a bug answered 500, request {RequestId}: {Exception}")]
    private partial void LogBug(string route, string requestId, string exception);
}
