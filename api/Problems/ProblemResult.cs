using Customer360.Rules.Outcomes;

namespace Customer360.Api.Problems;

/// <summary>A problem as the result of a handler.</summary>
public sealed class ProblemResult(Problem problem) : IResult
{
    public ProblemResult(Refusal refusal)
        : this(ProblemOf.Refusal(refusal)) { }

    public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.WriteAsync(httpContext, problem);
}
