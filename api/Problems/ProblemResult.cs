using Customer360.Rules.Outcomes;

namespace Customer360.Api.Problems;

/// <summary>A refusal as the result of a handler.</summary>
public sealed class ProblemResult(Refusal refusal) : IResult
{
    public Refusal Refusal { get; } = refusal;

    public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.WriteAsync(httpContext, Refusal);
}
