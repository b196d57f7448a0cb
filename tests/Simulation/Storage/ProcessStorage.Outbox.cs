using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Simulation.Storage;

internal sealed partial class ProcessStorage : IOutbox
{
    private const string Kind = "outbox";

    public Task<ImmutableArray<OutboxItem>> TakeAsync(
        string destination,
        OutboxLease lease,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) => Write(Kind, destination, () => disk.Outbox.Take(destination, lease, now, limit), cancellationToken);

    public Task<int> SettleAsync(
        string destination,
        string leaseId,
        ImmutableArray<DeliveryResult> results,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => Write(Kind, destination, () => disk.Outbox.Settle(destination, leaseId, results, now), cancellationToken);

    public Task<OutboxStanding> ReadStandingAsync(string destination, CancellationToken cancellationToken) =>
        Read(Kind, destination, () => disk.Outbox.ReadStanding(destination), cancellationToken);

    public Task<(DateTimeOffset? OldestAt, DateTimeOffset? NextAt)> ReadNextAsync(
        string destination,
        CancellationToken cancellationToken
    ) => Read(Kind, destination, () => disk.Outbox.ReadNext(destination), cancellationToken);

    public Task<ImmutableArray<DeliveryRow>> ReadAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        Read(Kind, query.Destination, () => disk.Outbox.Read(query), cancellationToken);

    public Task<int> ReplayAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        Write(Kind, query.Destination, () => disk.Outbox.Replay(query, now), cancellationToken);

    public Task<int> TrimAsync(
        string destination,
        DeliveryOutcome outcome,
        DateTimeOffset before,
        int limit,
        CancellationToken cancellationToken
    ) => Write(Kind, destination, () => disk.Outbox.Trim(destination, outcome, before, limit), cancellationToken);
}
