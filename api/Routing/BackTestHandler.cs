using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Policies;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
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
    private const int BytesMax = 4 * 1024 * 1024;
    private const int DaysMax = 365;
    private const int DaysDefault = 30;

    private static readonly string[] s_members = ["policy", "days"];

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Begin(HttpRequest request, CallerName caller)
    {
        Outcome<(string Policy, int Days)> asked = await JsonBody.ReadAsync(request, BytesMax, Read);
        if (!asked.Succeeded)
        {
            return new ProblemResult(asked.Refusal);
        }

        PolicyReading<RoutingPolicy> reading = kind.ReadFile(asked.Value.Policy, format);
        if (!reading.IsValid)
        {
            return new ProblemResult(new PolicyInvalid(reading.Faults));
        }

        Outcome<JobAnswer> job = await jobs.StartBackTest(caller, asked.Value.Policy, asked.Value.Days);
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

    private static Outcome<(string Policy, int Days)> Read(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Any(member => !s_members.Contains(member.Name, StringComparer.Ordinal))
            || !root.TryGetProperty("policy"u8, out JsonElement policy)
            || policy.ValueKind != JsonValueKind.String
        )
        {
            return new BodyNotJson("an object with policy, the text of a file, and days");
        }

        int days = DaysDefault;
        return
            root.TryGetProperty("days"u8, out JsonElement number)
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out days) || days is < 1 or > DaysMax)
            ? new BodyNotJson("its member days must be a whole number from 1 to 365")
            : (policy.GetString()!, days);
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
