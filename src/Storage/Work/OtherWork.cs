using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

internal sealed class DecisionsWork(ImmutableArray<DecisionRecord> decisions) : PipelineWork<bool>
{
    public ImmutableArray<DecisionRecord> Decisions => decisions;

    public override int Rows => decisions.Length;

    public override long Bytes { get; } = decisions.Sum(decision => 128L + decision.Payload.Length);
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

/// <summary>A real, durable write of no meaning: shows that the storage can write.</summary>
internal sealed class ProbeWork(DateTimeOffset at) : PipelineWork<bool>
{
    public DateTimeOffset At => at;
}
