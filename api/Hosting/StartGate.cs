using Customer360.Api.Problems;
using Customer360.Silo.Start;

namespace Customer360.Api.Hosting;

/// <summary>
/// While the grid starts, requests that need it are asked to come again, at once and by one rule, in place of waiting in grain
/// calls that can't be answered yet.
/// </summary>
public sealed class StartGate(RequestDelegate next, StartProgress start)
{
    public Task InvokeAsync(HttpContext context) =>
        start.Waiting is { } waiting && context.GetEndpoint() is RouteEndpoint endpoint && NeedsGrid(endpoint)
            ? ProblemWriter.WriteAsync(
                context,
                new Problem(StatusCodes.Status503ServiceUnavailable, "unavailable", waiting, RetryAfterSeconds: 1)
            )
            : next(context);

    private static bool NeedsGrid(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<AnswersBeforeStart>() is null;
}

/// <summary>An endpoint that needs no grid: what is asked of a process that starts.</summary>
internal sealed record AnswersBeforeStart;

/// <summary>Says so on endpoints.</summary>
public static class StartGateExtensions
{
    public static TBuilder AnswerBeforeStart<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AnswersBeforeStart());
}
