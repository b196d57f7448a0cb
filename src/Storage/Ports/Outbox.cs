using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IOutbox"/>
internal sealed class Outbox(CommitLanes commits, IStorageBackend backend) : IOutbox
{
    /// <summary>Rows of one taking, replay or trimming at most.</summary>
    public const int RowsMax = 1_000;

    public Task<ImmutableArray<OutboxItem>> TakeAsync(
        string destination,
        OutboxLease lease,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(destination, nameof(destination));
        StorageText.Check(lease.Id, nameof(lease));
        CheckLimit(limit);
        return commits.SubmitAsync(new OutboxTakeWork(destination, lease, now, limit), cancellationToken);
    }

    public Task<int> SettleAsync(
        string destination,
        string leaseId,
        ImmutableArray<DeliveryResult> results,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(destination, nameof(destination));
        StorageText.Check(leaseId, nameof(leaseId));
        foreach (DeliveryResult result in results)
        {
            if (result.Outcome == DeliveryOutcome.Retry && result.RetryAt is null)
            {
                throw new ArgumentException("A retry needs its time.", nameof(results));
            }

            StorageText.CheckIfAny(result.Reason.Length == 0 ? null : result.Reason, nameof(results));
            StorageText.CheckIfAny(result.Note, nameof(results));
        }

        return results.IsEmpty
            ? Task.FromResult(0)
            : commits.SubmitAsync(new OutboxSettleWork(destination, leaseId, results, now), cancellationToken);
    }

    public Task<OutboxStanding> ReadStandingAsync(string destination, CancellationToken cancellationToken)
    {
        StorageText.Check(destination, nameof(destination));
        return backend.ReadOutboxStandingAsync(destination, cancellationToken);
    }

    public Task<(DateTimeOffset? OldestAt, DateTimeOffset? NextAt)> ReadNextAsync(
        string destination,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(destination, nameof(destination));
        return backend.ReadOutboxNextAsync(destination, cancellationToken);
    }

    public Task<ImmutableArray<DeliveryRow>> ReadAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        Check(query);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, EventLog.PageRowsMax, nameof(query));
        return backend.ReadDeliveriesAsync(query, cancellationToken);
    }

    public Task<int> ReplayAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(query);
        CheckLimit(query.Limit);
        return query.IsWaiting
            ? throw new ArgumentException("What waits is not done.", nameof(query))
            : commits.SubmitAsync(new OutboxReplayWork(query, now), cancellationToken);
    }

    public Task<int> TrimAsync(
        string destination,
        DeliveryOutcome outcome,
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(destination, nameof(destination));
        CheckLimit(limit);
        return commits.SubmitAsync(new OutboxTrimWork(destination, outcome, before, limit), cancellationToken);
    }

    internal static void Check(OutboxRow row)
    {
        StorageText.Check(row.Destination, nameof(row));
        StorageText.Check(row.Effect.Id, nameof(row));
        StorageText.Check(row.Effect.CustomerId, nameof(row));
        StorageText.Check(row.Effect.Cause, nameof(row));
        StorageText.CheckIfAny(row.Effect.OtherId, nameof(row));
        StorageText.CheckIfAny(row.Effect.Name.Length == 0 ? null : row.Effect.Name, nameof(row));
    }

    private static void Check(DeliveryQuery query)
    {
        StorageText.Check(query.Destination, nameof(query));
        StorageText.CheckIfAny(query.Reason, nameof(query));
        StorageText.CheckIfAny(query.CustomerId, nameof(query));
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
    }

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, RowsMax);
    }
}
