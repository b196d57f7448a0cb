using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Tests.Destinations;

/// <summary>The outbox, as it would be found at another time or in another state: what is taken from it is changed on its way.</summary>
internal sealed class ChangingOutbox(IOutbox inner) : IOutbox
{
    private int _taken;
    private int _looked;

    /// <summary>The lease that is asked for; as it is.</summary>
    public Func<OutboxLease, DateTimeOffset, OutboxLease> Lease { get; set; } = static (lease, _) => lease;

    public Func<OutboxItem, OutboxItem> Item { get; set; } = static item => item;

    /// <summary>How many rows were taken; a row that was taken twice counts twice.</summary>
    public int Taken => _taken;

    /// <summary>How often it was asked how old what waits is.</summary>
    public int Looked => _looked;

    public async Task<ImmutableArray<OutboxItem>> TakeAsync(
        string destination,
        OutboxLease lease,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<OutboxItem> items = await inner.TakeAsync(
            destination,
            Lease(lease, now),
            now,
            limit,
            cancellationToken
        );
        Interlocked.Add(ref _taken, items.Length);
        return [.. items.Select(Item)];
    }

    public Task<int> SettleAsync(
        string destination,
        string leaseId,
        ImmutableArray<DeliveryResult> results,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => inner.SettleAsync(destination, leaseId, results, now, cancellationToken);

    public Task<OutboxStanding> ReadStandingAsync(string destination, CancellationToken cancellationToken) =>
        inner.ReadStandingAsync(destination, cancellationToken);

    public Task<(DateTimeOffset? OldestAt, DateTimeOffset? NextAt)> ReadNextAsync(
        string destination,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _looked);
        return inner.ReadNextAsync(destination, cancellationToken);
    }

    public Task<ImmutableArray<DeliveryRow>> ReadAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        inner.ReadAsync(query, cancellationToken);

    public Task<int> ReplayAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ReplayAsync(query, now, cancellationToken);

    public Task<int> TrimAsync(
        string destination,
        DeliveryOutcome outcome,
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    ) => inner.TrimAsync(destination, outcome, before, limit, cancellationToken);
}
