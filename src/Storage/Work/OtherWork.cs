using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

/// <param name="decisions">Of each id the first.</param>
/// <param name="audit">The audit record of each, in their order; written where the decision is new.</param>
internal sealed class DecisionsWork(ImmutableArray<DecisionRecord> decisions, ImmutableArray<AuditWrite> audit)
    : PipelineWork<bool>
{
    public ImmutableArray<DecisionRecord> Decisions => decisions;

    public ImmutableArray<AuditWrite> Audit => audit;

    public override int Rows => decisions.Length;

    public override long Bytes { get; } =
        decisions.Sum(decision => 128L + decision.Payload.Length) + audit.Sum(record => record.Bytes);
}

/// <summary>Records that speak of nothing else in the transaction.</summary>
internal sealed class AuditWork(ImmutableArray<AuditWrite> audit) : PipelineWork<bool>
{
    public ImmutableArray<AuditWrite> Audit => audit;

    public override int Rows => audit.Length;

    public override long Bytes { get; } = audit.Sum(record => record.Bytes);
}

internal sealed class ReminderUpsertWork(StoredReminder reminder) : PipelineWork<long>
{
    public StoredReminder Reminder => reminder;

    public override int Affinity { get; } = HashCode.Combine(reminder.GrainType, reminder.GrainKey);
}

internal sealed class ReminderRemoveWork(string grainType, string grainKey, string name, long expectedVersion)
    : PipelineWork<bool>
{
    public string GrainType => grainType;

    public string GrainKey => grainKey;

    public string Name => name;

    public long ExpectedVersion => expectedVersion;

    public override int Affinity { get; } = HashCode.Combine(grainType, grainKey);
}

/// <summary>A real, durable write without meaning. It shows that the storage can write.</summary>
internal sealed class ProbeWork(DateTimeOffset at) : PipelineWork<bool>
{
    public DateTimeOffset At => at;
}
