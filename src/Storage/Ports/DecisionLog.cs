using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IDecisionLog"/>
internal sealed class DecisionLog(CommitLanes commits, IStorageBackend backend) : IDecisionLog
{
    public Task AppendAsync(ImmutableArray<DecisionRecord> decisions, CancellationToken cancellationToken)
    {
        if (decisions.IsDefaultOrEmpty)
        {
            return Task.CompletedTask;
        }

        foreach (DecisionRecord decision in decisions)
        {
            StorageText.Check(decision.Id, nameof(decisions));
            StorageText.Check(decision.Kind, nameof(decisions));
            StorageText.Check(decision.CustomerId, nameof(decisions));
            StorageText.CheckBytes(decision.Payload, StorageText.PayloadBytesMax, nameof(decisions));
            if (decision.OtherCustomerId is not null)
            {
                StorageText.Check(decision.OtherCustomerId, nameof(decisions));
            }
        }

        return commits.SubmitAsync(new DecisionsWork(decisions), cancellationToken);
    }

    public Task<DecisionRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        StorageText.Check(id, nameof(id));
        return backend.FindDecisionAsync(id, cancellationToken);
    }

    public Task<ImmutableArray<DecisionRecord>> ReadAsync(
        string customerId,
        DecisionCursor? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(customerId, nameof(customerId));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventLog.PageRowsMax);
        return backend.ReadDecisionsAsync(customerId, after, limit, cancellationToken);
    }
}
