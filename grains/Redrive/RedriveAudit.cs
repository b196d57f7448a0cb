using System.Collections.Immutable;
using System.Globalization;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;

namespace Customer360.Grains;

/// <summary>What the audit log is told of re-drives, and of their dry runs.</summary>
internal static class RedriveAudit
{
    public static bool IsAudited(JobKind? kind) => kind is JobKind.Redrive or JobKind.RedriveDryRun;

    /// <summary>It has begun.</summary>
    public static AuditEntry Begun(string jobId, JobState job) => Entry("redrive.begun", jobId, job, job.StartedAt);

    /// <summary>It has ended, however that was.</summary>
    public static AuditEntry Ended(string jobId, JobState job)
    {
        AuditEntry entry = Entry("redrive.ended", jobId, job, job.FinishedAt!.Value);
        return entry with
        {
            Result = job.Status.ToString().ToLowerInvariant(),
            Details = entry
                .Details.SetItem("matched", Text(job.Redrive.Matched))
                .SetItem("gone", Text(job.Redrive.Gone))
                .SetItem("violating", Text(job.Redrive.Violating))
                .SetItem("released", Text(job.Redrive.Released)),
        };
    }

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
                .Add("dryRun", job.Kind == JobKind.RedriveDryRun ? "true" : "false")
                .AddRange(FilterOf(job)),
        };

    /// <summary>Which messages were meant: names of sources, contracts and kinds. What is not asked for is not there.</summary>
    private static IEnumerable<KeyValuePair<string, string>> FilterOf(JobState job)
    {
        (string Name, string? Value)[] parts =
        [
            ("source", job.Filter?.Source),
            ("contract", job.Filter?.Contract),
            ("kind", job.Filter?.Kind),
        ];
        return parts
            .Where(part => part.Value is not null)
            .Select(part => new KeyValuePair<string, string>(part.Name, part.Value!));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
