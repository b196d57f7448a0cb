namespace Customer360.Api.Problems;

/// <summary>
/// The one place where exceptions end, and where a bare 404 or 405 of the routing gets its words. First in the line.
/// </summary>
public sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    private readonly ProblemLog _problems = new(logger);

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
            _problems.Write(context, problem, exception);
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
}
