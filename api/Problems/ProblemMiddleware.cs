namespace Customer360.Api.Problems;

/// <summary>
/// The one place where exceptions end, and where a bare 404 or 405 of the routing gets its words. First in the line.
/// </summary>
public sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away: nobody to tell, and nothing is wrong here.
            LogCallerLeft();
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Problem problem = ProblemOf.Exception(exception);
            LogProblem(context, problem, exception);
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        if (IsBareRefusal(context.Response))
        {
            await ProblemWriter.WriteAsync(context, ProblemOf.Status(context.Response.StatusCode));
        }
    }

    private static bool IsBareRefusal(HttpResponse response) =>
        response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null };

    private void LogProblem(HttpContext context, in Problem problem, Exception exception)
    {
        if (problem.Status < StatusCodes.Status500InternalServerError)
        {
            return;
        }

        // The route's pattern, never the path; the exception's type and stack, never its message: either may hold
        // somebody's identifier.
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
}
