using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>What jobs work with.</summary>
internal sealed record JobTools(
    IGrainFactory Grains,
    IEventLog Log,
    IStateScan Scan,
    IGrainStateStore States,
    IDecisionLog Decisions,
    GridOptions Grid,
    JobOptions Options,
    TimeProvider Time,
    IPhoneNumbers Phones,
    IErasureStore Erasure,
    IQuarantine Quarantine
);

/// <summary>What came of a job.</summary>
/// <param name="Json">A JSON object.</param>
/// <param name="Affected">JSON objects, to be read page by page.</param>
internal sealed record JobResult(ReadOnlyMemory<byte> Json, ImmutableArray<ReadOnlyMemory<byte>> Affected);

/// <summary>A job's work. It may be begun anew at any time, and begins where its state says.</summary>
internal interface IJobWork
{
    /// <param name="pace">Rested at between pieces of a few milliseconds.</param>
    /// <param name="progress">Told how far it is; writes the state now and then.</param>
    /// <param name="stop">Ends it.</param>
    Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop);
}

/// <summary>Takes how far a job is, 0 to 100.</summary>
internal delegate Task JobProgress(double percent);

/// <summary>The grid is larger than the job may be by its settings.</summary>
internal sealed record JobTooLarge(string Setting)
    : Refusal("too_large", $"The grid is larger than {Setting} lets the job be.");

/// <summary>The rules of the job can't be read any more: it was begun by another release.</summary>
internal sealed record JobRulesUnreadable() : Refusal("rules_unreadable", "The job's rules can't be read here.");
