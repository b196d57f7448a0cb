using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Policies;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Rules.Audiences;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Audiences;

/// <summary>
/// <c>POST /v1/audiences:preview</c> and <c>:backfill</c>: what proposed audiences would make of the members, and having every customer
/// decide by those in force; both as jobs.
/// </summary>
internal sealed class AudiencePreviewHandler(JobsHandler jobs, AudiencePolicyKind kind, IConfigFormat format)
{
    private const int BytesMax = 4 * 1024 * 1024;

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Preview(HttpRequest request, CallerName caller)
    {
        Outcome<string> policy = await JsonBody.ReadAsync(request, BytesMax, Read);
        if (!policy.Succeeded)
        {
            return new ProblemResult(policy.Refusal);
        }

        PolicyReading<AudiencePolicy> reading = kind.ReadFile(policy.Value, format);
        if (!reading.IsValid)
        {
            return new ProblemResult(new PolicyInvalid(reading.Faults));
        }

        Outcome<JobAnswer> job = await jobs.StartAudiencePreview(caller, policy.Value);
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Backfill(CallerName caller)
    {
        Outcome<JobAnswer> job = await jobs.StartAudienceBackfill(caller);
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }

    private static Outcome<string> Read(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.GetPropertyCount() == 1
        && root.TryGetProperty("policy"u8, out JsonElement policy)
        && policy.ValueKind == JsonValueKind.String
            ? policy.GetString()!
            : new BodyNotJson("an object with policy, the text of a file");
}
