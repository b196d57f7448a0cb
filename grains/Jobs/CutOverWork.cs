using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>What a cut-over is about.</summary>
/// <param name="JobId">Its own id.</param>
/// <param name="DryRunId">The dry run that foresaw it.</param>
/// <param name="By">The name of the key that asked for it.</param>
/// <param name="Yaml">The file of the new rules.</param>
/// <param name="Former">The version that they replace.</param>
internal sealed record CutOver(string JobId, string DryRunId, string By, string Yaml, string Former);

/// <summary>
/// Puts proposed rules in force, then brings the customers to what the whole log comes to under them: the rules first, so that
/// nothing is decided by the former ones behind our back.
/// </summary>
/// <remarks>
/// The difference is worked out anew, and of each customer once more when its turn comes: what the dry run found may be old.
/// So whoever begins anew after a crash finds what is left. It ends with a pass that finds nothing to do.
/// </remarks>
internal sealed class CutOverWork(
    JobTools tools,
    RulesChange change,
    IdentityRules rules,
    CutOver cutOver,
    ImmutableHashSet<string>? foreseen
) : IJobWork
{
    /// <summary>Customers that a pass takes, about 1 KB each; what is left is for the next one.</summary>
    private const int CustomersMax = 50_000;

    /// <summary>After so many passes the difference must have become smaller with each.</summary>
    private const int PassesMin = 3;

    // How far the job is when a part of its first pass ends.
    private const double ReadEnd = 40;
    private const double FirstPassEnd = 90;

    private readonly StepTally _tally = new();
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _splitFrom = new(StringComparer.Ordinal);
    private GraphCounts? _left;
    private int _passes;
    private double _percent;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        Task Tell(double percent) => progress(_percent = Math.Max(_percent, percent));

        if (await change.PutInForce(Change(), rules.Version, stop) is { } refusal)
        {
            return refusal;
        }

        var runner = new StepRunner(tools, rules, cutOver.JobId, cutOver.By);
        StepWriter writer = await StepWriter.Resume(tools, cutOver.JobId, runner, pace, Count);
        int before = int.MaxValue;
        bool isOver = false;
        while (!isOver)
        {
            _passes++;
            var reading = new ShadowReading(tools, rules, pace, stop);
            bool isWhole = await reading.Read(percent =>
                Tell(_passes == 1 ? percent * ReadEnd / 100 : FirstPassEnd + (percent * (99 - FirstPassEnd) / 100))
            );
            if (!isWhole)
            {
                return new JobTooLarge("Customer360:Jobs:DryRunIdentifiersMax");
            }

            if (change.IfReplaced(rules) is { } replaced)
            {
                return replaced;
            }

            GraphDifference difference = reading.Comparison.Compare(CustomersMax, largestMax: 0);
            await pace.Rest();
            _left = difference.Customers;
            int stepsBefore = writer.Count;
            var planner = new CutOverPlanner(
                tools,
                cutOver.JobId,
                runner,
                reading,
                pace,
                writer,
                IsForeseen,
                _refused,
                _splitFrom
            );
            await planner.Run(difference.Affected, part => Tell(ReadEnd + ((FirstPassEnd - ReadEnd) * part)));
            int affected = difference.Affected.Length;
            isOver = writer.Count == stepsBefore || (_passes > PassesMin && affected >= before);
            before = affected;
        }

        return new JobResult(Report(), []);
    }

    private PolicyPut Change() => new(cutOver.Yaml, cutOver.By, PolicyAction.CutOver, [cutOver.Former, rules.Version]);

    /// <summary>A dry run that could not keep all that it found foresaw whatever comes.</summary>
    private bool IsForeseen(string customerId) => foreseen?.Contains(customerId) ?? true;

    private void Count(CutOverStep step)
    {
        _tally.Count(step);
        if (step.Kind == StepKind.Split)
        {
            _splitFrom[step.OtherCustomerId!] = step.CustomerId;
        }

        if (step.Outcome == StepOutcome.Refused)
        {
            _refused.Add(CutOverPlanner.KeyOf(step));
        }
    }

    private byte[] Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("dryRun"u8, cutOver.DryRunId);
        writer.WriteStartObject("rules"u8);
        writer.WriteString("former"u8, cutOver.Former);
        writer.WriteString("inForce"u8, rules.Version);
        writer.WriteEndObject();
        writer.WriteNumber("passes"u8, _passes);
        _tally.Write(writer);
        writer.WriteNumber("unforeseen"u8, _tally.Unforeseen);
        writer.WriteNumber("unchanged"u8, foreseen is null ? 0 : foreseen.Count(one => !_tally.Concerns(one)));
        writer.WriteStartObject("left"u8);
        writer.WriteNumber("merge"u8, _left!.Merge);
        writer.WriteNumber("split"u8, _left.Split);
        writer.WriteNumber("mergeAndSplit"u8, _left.MergeAndSplit);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
