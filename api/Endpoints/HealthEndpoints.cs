using Customer360.Api.OpenApi;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Endpoints;

/// <summary>What orchestrators and load balancers ask: is the process up, and may it be given traffic?</summary>
public static class HealthEndpoints
{
    // Longer than a check may take, shorter than the patience of common probes with a timeout of five seconds.
    private static readonly TimeSpan s_checkTimeMax = TimeSpan.FromSeconds(4);

    public static void MapHealthEndpoints(this IEndpointRouteBuilder routes)
    {
        IGridReadiness readiness = routes.ServiceProvider.GetRequiredService<IGridReadiness>();
        TimeProvider time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        routes.MapGet("/health/live", Live).OpenToAnybody().Describe(HealthDescriptions.Live);
        routes
            .MapGet("/health/ready", context => Ready(context, readiness, time))
            .OpenToAnybody()
            .Describe(HealthDescriptions.Ready);
    }

    private static Task Live(HttpContext context) => Answer(context, "live");

    private static async Task Ready(HttpContext context, IGridReadiness readiness, TimeProvider time)
    {
        GridReadiness answer = await Check(readiness, time, context.RequestAborted);
        if (answer.Ready)
        {
            await Answer(context, "ready");
            return;
        }

        await ProblemWriter.WriteAsync(
            context,
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

    private static Task Answer(HttpContext context, string status)
    {
        context.Response.Headers.CacheControl = "no-store";
        return ProfilesJson.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("status"u8, status);
                writer.WriteEndObject();
            }
        );
    }
}
