using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Policies;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Rules.Configuration;
using Customer360.Rules.Contracts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Contracts;

/// <summary>
/// <c>POST /v1/contracts:try</c> judges the messages of the last days by proposed contracts, <c>POST /v1/contracts:infer</c> proposes contracts
/// from them: both as jobs.
/// </summary>
internal sealed class ContractTrialsHandler(JobsHandler jobs, ContractsPolicyKind kind, IConfigFormat format)
{
    private const int BytesMax = 4 * 1024;
    private const int SourceLengthMax = 200;

    private static readonly string[] s_members = ["source", "days"];

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Try(HttpRequest request, CallerName caller)
    {
        Outcome<TriedPolicy> tried = await TriedPolicy.ReadAsync(request, kind, format);
        return tried.Succeeded
            ? Begun(await jobs.StartContractsTryOut(caller, tried.Value.Text, tried.Value.Days))
            : new ProblemResult(tried.Refusal);
    }

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Infer(HttpRequest request, CallerName caller)
    {
        Outcome<(string? Source, int Days)> asked = await JsonBody.ReadAsync(request, BytesMax, Read);
        return asked.Succeeded
            ? Begun(await jobs.StartContractInference(caller, asked.Value.Source, asked.Value.Days))
            : new ProblemResult(asked.Refusal);
    }

    private static Results<AcceptedAnswer<JobAnswer>, ProblemResult> Begun(Outcome<JobAnswer> job) =>
        job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);

    private static Outcome<(string? Source, int Days)> Read(JsonElement root)
    {
        string? source = null;
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Any(member => !s_members.Contains(member.Name, StringComparer.Ordinal))
            || (
                root.TryGetProperty("source"u8, out JsonElement named)
                && (
                    named.ValueKind != JsonValueKind.String
                    || (source = named.GetString()!) is { Length: 0 or > SourceLengthMax }
                )
            )
        )
        {
            return new BodyNotJson("an object with source, the name of a source, and days");
        }

        Outcome<int> days = TriedPolicy.DaysOf(root);
        return days.Succeeded ? (source, days.Value) : days.Refusal;
    }
}
