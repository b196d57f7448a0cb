using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Retention;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Retention;

/// <summary>Begins runs that trim the log, and says what the last ones came to.</summary>
internal sealed class RetentionHandler(JobsHandler jobs, IPolicy<RetentionPolicy> retention)
{
    public async Task<Answer<RetentionAnswer>> Get()
    {
        PolicyBody<RetentionPolicy> policy = retention.InForce.Body;
        return new(
            new RetentionAnswer(
                policy.Version,
                RetentionJudge.IsIdle(policy),
                await jobs.FindLast(JobKind.Retention),
                await jobs.FindLast(JobKind.RetentionDryRun)
            )
        );
    }

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Run(QueryText dryRun, CallerName caller)
    {
        // A misspelt word must not delete.
        if (dryRun.Value is not (null or "true" or "false"))
        {
            return new ProblemResult(new ParameterInvalid(nameof(dryRun), "it must be true or false"));
        }

        Outcome<JobAnswer> job = await jobs.StartRetention(caller, isDryRun: dryRun.Value == "true");
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }
}
