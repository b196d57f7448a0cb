using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Policies;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Routing;

/// <summary>
/// <c>POST /v1/routing:backtest</c>: decides the leads of the last days anew under proposed rules, as a job; and the differences that it
/// found.
/// </summary>
internal sealed class BackTestHandler(JobsHandler jobs, RoutingPolicyKind kind, IConfigFormat format)
{
    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Begin(HttpRequest request, CallerName caller)
    {
        Outcome<TriedPolicy> tried = await TriedPolicy.ReadAsync(request, kind, format);
        if (!tried.Succeeded)
        {
            return new ProblemResult(tried.Refusal);
        }

        Outcome<JobAnswer> job = await jobs.StartBackTest(caller, tried.Value.Text, tried.Value.Days);
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }

    public async Task<Results<Answer<BackTestDifferences>, ProblemResult>> GetDifferences(string jobId, PageAsked asked)
    {
        Outcome<JobAffectedQuery> query = JobsHandler.QueryOf(asked);
        if (!query.Succeeded)
        {
            return new ProblemResult(query.Refusal);
        }

        return await jobs.FindAffected(jobId, JobKind.BackTest, query.Value) is ({ } job, { } page)
            ? new Answer<BackTestDifferences>(
                new(
                    job,
                    [.. page.Customers.Select(one => new RawJson<BackTestDifference>(one))],
                    page.Next?.ToString(System.Globalization.CultureInfo.InvariantCulture)
                )
            )
            : new ProblemResult(new NotFound("back test"));
    }
}

/// <summary>A page of what a back test found.</summary>
/// <param name="Job">The back test; its result has the counts.</param>
/// <param name="Differences">Leads that would go elsewhere, or by another rule; the newest first.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record BackTestDifferences(
    JobAnswer Job,
    IReadOnlyList<RawJson<BackTestDifference>> Differences,
    string? Next
);

/// <summary>A lead that would go elsewhere, or by another rule.</summary>
/// <param name="LeadId">Its id.</param>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="Before">Where it went.</param>
/// <param name="After">Where it would go.</param>
public sealed record BackTestDifference(string LeadId, DateTime At, BackTestEndAnswer Before, BackTestEndAnswer After);

/// <summary>Where a lead goes.</summary>
/// <param name="Person">Null: to nobody.</param>
/// <param name="Queue">Null: into none.</param>
/// <param name="Rule">Null: an answer to a situation decided.</param>
public sealed record BackTestEndAnswer(string? Person, string? Queue, string? Rule);
