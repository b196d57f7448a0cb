using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="ISuppressionList"/>
internal sealed class SuppressionList(CommitLanes commits, IStorageBackend backend) : ISuppressionList
{
    public Task<bool> AppendAsync(ImmutableArray<SuppressionEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.IsDefaultOrEmpty)
        {
            return Task.FromResult(true);
        }

        long sequence = entries[0].Sequence;
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1, nameof(entries));
        foreach (SuppressionEntry entry in entries)
        {
            if (entry.Sequence != sequence++)
            {
                throw new ArgumentException("Sequences must rise by one.", nameof(entries));
            }

            StorageText.Check(entry.RequestId, nameof(entries));
            StorageText.Check(entry.By, nameof(entries));
        }

        return commits.SubmitAsync(new SuppressWork(entries), cancellationToken);
    }

    public Task<ImmutableArray<SuppressionEntry>> ReadAsync(
        long afterSequence,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventLog.PageRowsMax);
        return backend.ReadSuppressionsAsync(afterSequence, limit, cancellationToken);
    }
}
