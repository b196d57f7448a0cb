using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;

namespace Customer360.Grains;

/// <summary>What the audit log is told of exports: personal data leaves the grid.</summary>
internal static class ExportAudit
{
    public static bool IsAudited(JobKind? kind) => kind is JobKind.Export;

    /// <summary>It has begun.</summary>
    public static AuditEntry Begun(string jobId, JobState job) => Entry("export.begun", jobId, job, job.StartedAt);

    /// <summary>It has ended, however that was.</summary>
    public static AuditEntry Ended(string jobId, JobState job) =>
        Entry("export.ended", jobId, job, job.FinishedAt!.Value) with
        {
            Result = job.Status.ToString().ToLowerInvariant(),
        };

    private static AuditEntry Entry(string action, string jobId, JobState job, DateTimeOffset at) =>
        new(
            // Of the run: what is done again after a crash has one entry.
            DecisionId.Of(action, jobId),
            at,
            action,
            new AuditActor("key", job.By, Roles: ""),
            "job",
            jobId
        )
        {
            Details = ImmutableSortedDictionary
                .Create<string, string>(StringComparer.Ordinal)
                .Add("tables", job.Export is { Tables.IsEmpty: false } some ? string.Join(',', some.Tables) : "all"),
        };
}
