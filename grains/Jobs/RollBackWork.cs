using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>
/// Takes a cut-over back: puts the former rules in force, then undoes its steps, the last one first. A page of the cut-over is
/// a page here, so whoever resumes knows where.
/// </summary>
/// <remarks>
/// What came between is kept: messages stand under their identifiers, and go where these go. What later events made impossible
/// (a customer was merged on) is refused and reported, as undoing it by hand would be.
/// </remarks>
internal sealed class RollBackWork(
    JobTools tools,
    RulesChange change,
    IdentityRules rules,
    CutOver cutOver,
    string cutOverId
) : IJobWork
{
    private readonly StepTally _tally = new();

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        if (await change.PutInForce(Change(), rules.Version, stop) is { } refusal)
        {
            return refusal;
        }

        var runner = new StepRunner(tools, rules, cutOver.JobId, cutOver.By);
        int pages = await EndCutOver(pace);
        StepWriter writer = await StepWriter.Resume(tools, cutOver.JobId, runner, pace, _tally.Count);
        var journal = new StepJournal(tools.States, cutOverId);
        while (writer.Page < pages)
        {
            ImmutableArray<CutOverStep>? page = await pace.Storage(journal.Read(pages - 1 - writer.Page));
            await writer.Append([
                .. page!.Value.Reverse().Where(step => step.Outcome == StepOutcome.Done).Select(Undo),
            ]);
            await progress(100.0 * writer.Page / pages);
        }

        return new JobResult(Report(), []);
    }

    /// <summary>A cut-over that was cancelled at the wrong moment may have begun steps: they are ended first, then taken back.</summary>
    private async Task<int> EndCutOver(JobPace pace)
    {
        var runner = new StepRunner(tools, rules, cutOverId, cutOver.By);
        StepWriter writer = await StepWriter.Resume(tools, cutOverId, runner, pace, _ => { });
        return writer.Page;
    }

    private CutOverStep Undo(CutOverStep step)
    {
        StepKind kind = step.Kind switch
        {
            StepKind.Split => StepKind.Rejoin,
            StepKind.Merge => StepKind.UndoMerge,
            StepKind.Link => StepKind.Unlink,
            StepKind.Quarantine => StepKind.Release,
            _ => StepKind.Quarantine,
        };
        return step with
        {
            Id = DecisionId.Of(kind.ToString(), cutOver.JobId, step.Id),
            Kind = kind,
            Undoes = step.Id,
            Because = "rolled_back",
            At = tools.Time.GetUtcNow(),
            Outcome = StepOutcome.Pending,
        };
    }

    private PolicyPut Change() =>
        new(cutOver.Yaml, cutOver.By, PolicyAction.CutOverRollBack, [cutOver.Former, rules.Version]);

    private byte[] Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("cutOver"u8, cutOverId);
        writer.WriteStartObject("rules"u8);
        writer.WriteString("former"u8, cutOver.Former);
        writer.WriteString("inForce"u8, rules.Version);
        writer.WriteEndObject();
        _tally.Write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
