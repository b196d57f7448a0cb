using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Retention;

namespace Customer360.Grains;

/// <summary>The policies by which a run decides.</summary>
internal sealed record RetentionPolicies(
    IPolicy<RetentionPolicy> Retention,
    IPolicy<AccessPolicy> Access,
    IPolicy<IdentityRules> Identity
);

/// <summary>
/// Trims the log, piece by piece. A piece is one transaction, and after it the place and the counts are written down; so a crash
/// repeats one piece at most, which finds nothing left to do. What that piece had counted is then not among the counts.
/// </summary>
/// <remarks>
/// What stays of a message folds to the same, so nobody who reads the log meanwhile (a check, a customer that is read again after
/// a crash, a message that waits to be applied) comes to something else, whether he meets the message before or after.
/// </remarks>
/// <param name="tools">What jobs work with.</param>
/// <param name="mirror">What is trimmed in the log is trimmed there, too.</param>
/// <param name="jobId">This job.</param>
/// <param name="policies">Asked once, when the run begins or goes on.</param>
/// <param name="startedAt">The moment at which all messages are judged, also after a restart.</param>
/// <param name="isDryRun">It only counts.</param>
/// <param name="before">Where it stood.</param>
/// <param name="keep">Writes down where it stands.</param>
internal sealed class RetentionWork(
    JobTools tools,
    ExportTools mirror,
    string jobId,
    RetentionPolicies policies,
    DateTimeOffset startedAt,
    bool isDryRun,
    RetentionProgress before,
    Func<RetentionProgress, ReadOnlyMemory<byte>, Task> keep
) : IJobWork
{
    private RetentionProgress _at = before;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        PolicyInForce<RetentionPolicy> retention = policies.Retention.InForce;
        PolicyInForce<AccessPolicy> access = policies.Access.InForce;
        if (_at.Policy != retention.Body.Version || _at.Access != access.Body.Version)
        {
            // One run is decided by one version. What went by another one is gone, and was counted under it.
            _at = RetentionProgress.None with
            {
                Policy = retention.Body.Version,
                Access = access.Body.Version,
            };
        }

        var judge = new RetentionJudge(
            retention,
            access.Body.Base,
            policies.Identity.Current.Regions,
            startedAt,
            isDryRun
        );
        bool isIdle = RetentionJudge.IsIdle(retention.Body);
        while (!isIdle && _at.Partition < tools.Grid.Partitions)
        {
            ErasurePiece piece = await pace.Storage(tools.Erasure.EraseLogAsync(_at.Partition, _at.After, judge, stop));
            _at = _at with
            {
                Partition = piece.Next is null ? _at.Partition + 1 : _at.Partition,
                After = piece.Next ?? "",
                Counts = _at.Counts.Add(judge.TakeCounts()),
            };
            await keep(_at, Report());
            await progress(100.0 * _at.Partition / tools.Grid.Partitions);
            await pace.Rest();
        }

        // Also where this run took nothing out: one before may have, and failed at the mirror. What is the same there is not written again.
        return !isDryRun && await MirrorRefresh.Run(tools, mirror, jobId, pace, stop) is { } refusal
            ? refusal
            : new JobResult(Report(), []);
    }

    /// <summary><c>{"policy","access","messages","trimmed","bytes","rules":[…]}</c></summary>
    private ReadOnlyMemory<byte> Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteString("policy"u8, _at.Policy);
        writer.WriteString("access"u8, _at.Access);
        RetentionProgressJson.WriteCounts(writer, _at.Counts);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
