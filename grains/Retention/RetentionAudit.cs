using System.Collections.Immutable;
using System.Globalization;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Retention;

namespace Customer360.Grains;

/// <summary>What the audit log is told of runs that trim the log, or count what they would.</summary>
internal static class RetentionAudit
{
    public static bool IsAudited(JobKind? kind) => kind is JobKind.Retention or JobKind.RetentionDryRun;

    /// <summary>It has begun.</summary>
    public static AuditEntry Begun(string jobId, JobState job) => Entry("retention.begun", jobId, job, job.StartedAt);

    /// <summary>It has ended, however that was.</summary>
    public static AuditEntry Ended(string jobId, JobState job)
    {
        RetentionCounts counts = job.Retention.Counts;
        AuditEntry entry = Entry("retention.ended", jobId, job, job.FinishedAt!.Value);
        entry = entry with
        {
            Result = job.Status.ToString().ToLowerInvariant(),
            Details = entry
                .Details.SetItem("messages", Text(counts.Messages))
                .SetItem("trimmed", Text(counts.Trimmed))
                .SetItem("bytes", Text(counts.Bytes)),
        };

        // One that was ended before it began had no policy to decide by.
        return job.Retention == RetentionProgress.None
            ? entry
            : entry with
            {
                PolicyVersion = job.Retention.Policy,
                Details = entry.Details.SetItem("access", job.Retention.Access),
            };
    }

    private static AuditEntry Entry(string action, string jobId, JobState job, DateTimeOffset at) =>
        new(
            // Of the run: what is done again after a crash has one entry.
            DecisionId.Of(action, jobId),
            at,
            action,
            job.By == JobRequest.Schedule
                ? new AuditActor("grid", "retention", Roles: "")
                : new AuditActor("key", job.By, Roles: ""),
            "job",
            jobId
        )
        {
            Details = ImmutableSortedDictionary
                .Create<string, string>(StringComparer.Ordinal)
                .Add("dryRun", job.Kind == JobKind.RetentionDryRun ? "true" : "false"),
        };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
