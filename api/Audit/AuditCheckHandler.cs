using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Jobs;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Audit;

/// <summary>
/// <c>POST /v1/audit:verify</c> checks every record of the audit log, as a job; <c>GET /v1/audit/verification</c> is the last check. Whoever holds
/// the store can write a whole log anew: give a head that was kept elsewhere, and check with the command line where the store is not ours alone.
/// </summary>
internal sealed class AuditCheckHandler(JobsHandler jobs, ProfileAccess access)
{
    private const int BytesMax = 16 * 1024;

    public async Task<Results<AcceptedAnswer<JobAnswer>, ProblemResult>> Begin(HttpRequest request, CallerName caller)
    {
        Outcome<string> head = await JsonBody.ReadAsync(request, BytesMax, Read);
        if (!head.Succeeded)
        {
            return new ProblemResult(head.Refusal);
        }

        Outcome<JobAnswer> job = await jobs.StartAuditCheck(caller, head.Value.Length == 0 ? null : head.Value);
        return job.Succeeded ? JobsHandler.Begun(job.Value) : new ProblemResult(job.Refusal);
    }

    public async Task<Results<Answer<JobAnswer>, ProblemResult>> GetLast(HttpContext context) =>
        access.AuditRefusal(Asker.Of(Caller.Of(context))) is { } refusal ? new ProblemResult(refusal)
        : await jobs.FindLast(JobKind.AuditCheck) is { } job ? new Answer<JobAnswer>(job)
        : new ProblemResult(new NotFound("check of the audit log"));

    /// <summary>The head's text; empty: none was given.</summary>
    private static Outcome<string> Read(JsonElement root) =>
        root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Any(member => member.Name != "head")
            ? new BodyNotJson("an object with head, the text of a head that was kept elsewhere, or an empty one")
        : !root.TryGetProperty("head"u8, out JsonElement head) || head.ValueKind == JsonValueKind.Null ? ""
        : head.ValueKind == JsonValueKind.String && AuditHead.Read(head.GetString()!) is not null ? head.GetString()!
        : new BodyNotJson("its member head must be the text of a head as GET /v1/audit/head answers it");
}

/// <summary>The shape of a body that has the audit log checked.</summary>
/// <param name="Head">A head that was kept elsewhere; null: none.</param>
public sealed record AuditCheckBody(string? Head);
