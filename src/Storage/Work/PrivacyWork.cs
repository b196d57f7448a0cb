using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Work;

/// <summary>Adds entries to the list of suppressed identifiers; false where others were added first.</summary>
internal sealed class SuppressWork(ImmutableArray<SuppressionEntry> entries) : PipelineWork<bool>
{
    public ImmutableArray<SuppressionEntry> Entries => entries;

    public override int Rows => entries.Length;

    public override long Bytes => 256L * entries.Length;
}

/// <summary>Takes decisions away, and gives others another payload.</summary>
internal sealed class DecisionErasureWork(ImmutableArray<string> removed, ImmutableArray<DecisionRecord> replaced)
    : PipelineWork<bool>
{
    public ImmutableArray<string> Removed => removed;

    public ImmutableArray<DecisionRecord> Replaced => replaced;

    public override int Rows => removed.Length + replaced.Length;

    public override long Bytes { get; } = replaced.Sum(decision => 128L + decision.Payload.Length);
}

/// <summary>Of a log in rows: takes messages of a partition away, and gives others another payload.</summary>
internal sealed class LogErasureWork(int partition) : PipelineWork<bool>
{
    public int Partition => partition;

    public override int Affinity => partition;

    /// <summary>Positions, and the hashes that stay of their ids.</summary>
    public List<(long Position, byte[] Hash)> Removed { get; } = [];

    public List<(long Position, ReadOnlyMemory<byte> Payload)> Replaced { get; } = [];

    public override int Rows => Removed.Count + Replaced.Count;

    public override long Bytes => Replaced.Sum(one => 128L + one.Payload.Length);
}
