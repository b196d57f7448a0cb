using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IDecisionLog"/>
internal sealed class DecisionLog(CommitLanes commits, IStorageBackend backend, AuditHash hash, TimeProvider time)
    : IDecisionLog
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

        return commits.SubmitAsync(Audited(decisions), cancellationToken);
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

    /// <summary>Makes the audit records here, on the caller's thread. Of decisions with one id the first counts.</summary>
    private DecisionsWork Audited(ImmutableArray<DecisionRecord> decisions)
    {
        ImmutableArray<DecisionRecord> once =
            decisions.Length == 1
                ? decisions
                : [.. decisions.DistinctBy(decision => decision.Id, StringComparer.Ordinal)];
        DateTimeOffset now = time.GetUtcNow();
        return new DecisionsWork(
            once,
            [.. once.Select(decision => AuditWrite.Of(Entry(decision), now, nameof(decisions)))]
        );
    }

    private AuditEntry Entry(DecisionRecord decision) =>
        DecisionAudit.Of(decision, hash)
        ?? throw new ArgumentException("The payload of a decision is no JSON.", nameof(decision));
}
