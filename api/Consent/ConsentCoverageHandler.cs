using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Consent;

/// <summary>
/// <c>POST /v1/consent:coverage</c> counts customers by what they say to each purpose, as a job; <c>GET /v1/consent/coverage</c> is the last count.
/// </summary>
internal sealed class ConsentCoverageHandler(JobsHandler jobs)
{
    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Begin(CallerName caller)
    {
        Outcome<JobAnswer> job = await jobs.StartConsentCoverage(caller);
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }

    public async Task<Results<Answer<JobAnswer>, ProblemResult>> GetLast() =>
        await jobs.FindLast(JobKind.ConsentCoverage) is { } job
            ? new Answer<JobAnswer>(job)
            : new ProblemResult(new NotFound("count of consent"));
}
