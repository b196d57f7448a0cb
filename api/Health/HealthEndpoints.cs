using Customer360.Api.Hosting;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Health;

/// <summary>What orchestrators and load balancers ask: is the process up, and may it be given traffic?</summary>
public static class HealthEndpoints
{
    // Longer than a check may take, shorter than the patience of common probes with a timeout of five seconds.
    private static readonly TimeSpan s_checkTimeMax = TimeSpan.FromSeconds(4);

    public static void MapHealthEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", Live).OpenToAnybody().AnswerBeforeStart().Describe(HealthDescriptions.Live);
        routes.MapGet("/health/ready", Ready).OpenToAnybody().AnswerBeforeStart().Describe(HealthDescriptions.Ready);
    }

    private static Ok<HealthAnswer> Live(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new HealthAnswer("live"));
    }

    private static async Task<Results<Ok<HealthAnswer>, ProblemResult>> Ready(
        IGridReadiness readiness,
        TimeProvider time,
        HttpResponse response,
        CancellationToken aborted
    )
    {
        GridReadiness answer = await Check(readiness, time, aborted);
        response.Headers.CacheControl = "no-store";
        return answer.Ready
            ? TypedResults.Ok(new HealthAnswer("ready"))
            : new ProblemResult(
                new Problem(
                    StatusCodes.Status503ServiceUnavailable,
                    "not_ready",
                    answer.Reason ?? "The service is not ready.",
                    RetryAfterSeconds: 1
                )
            );
    }

    /// <summary>A check that hangs or fails is an answer too: not ready. The reason tells nothing of an exception's text.</summary>
    private static async Task<GridReadiness> Check(
        IGridReadiness readiness,
        TimeProvider time,
        CancellationToken aborted
    )
    {
        using var deadline = new CancellationTokenSource(s_checkTimeMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        try
        {
            return await readiness.CheckAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return new GridReadiness(Ready: false, "The check took too long.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new GridReadiness(Ready: false, "The check failed.");
        }
    }
}
