using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IGrainStateStore"/>
internal sealed class GrainStateStore(CommitLanes commits, ReadPipeline reads, TimeProvider time) : IGrainStateStore
{
    /// <summary>A customer is in the list of members and in that of names.</summary>
    private const int ListingsMax = 2;

    public Task<StoredState?> ReadAsync(string kind, string key, CancellationToken cancellationToken)
    {
        Check(kind, key);
        return reads.SubmitAsync(new StateReadWork(kind, key), cancellationToken);
    }

    public Task<long?> WriteAsync(
        string kind,
        string key,
        ReadOnlyMemory<byte> json,
        long expectedVersion,
        StateCompanions with,
        CancellationToken cancellationToken
    )
    {
        Check(kind, key);
        StorageText.CheckBytes(json, StorageText.StateBytesMax, nameof(json));
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        if (with.Listings.Length > ListingsMax)
        {
            throw new ArgumentException("No state is in so many lists.", nameof(with));
        }

        foreach (StateListing listing in with.Listings)
        {
            Check(listing, key);
        }

        foreach (OutboxRow effect in with.Outbox)
        {
            Outbox.Check(effect);
        }

        ImmutableArray<AuditWrite> audit = with.Audit.IsDefaultOrEmpty
            ? []
            : AuditWrite.Of(with.Audit, time.GetUtcNow(), nameof(with));
        ImmutableArray<OutboxWrite> outbox = with.Outbox.IsEmpty ? [] : OutboxWrite.Of(with.Outbox, time.GetUtcNow());
        return commits.SubmitAsync(
            new StateWriteWork(kind, key, json, expectedVersion, audit, with.Listings, outbox),
            cancellationToken
        );
    }

    public Task<bool> ClearAsync(string kind, string key, long expectedVersion, CancellationToken cancellationToken)
    {
        Check(kind, key);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        return commits.SubmitAsync(new StateClearWork(kind, key, expectedVersion), cancellationToken);
    }

    private static void Check(string kind, string key)
    {
        StorageText.Check(kind, nameof(kind));
        StorageText.Check(key, nameof(key));
    }

    private static void Check(StateListing listing, string key)
    {
        switch (listing)
        {
            case LeadListing { Row: { } row }:
                Check(row, key);
                break;
            case AudienceListing members when members.Rows.Any(member => member.CustomerId != key):
                throw new ArgumentException("A member has the key of its state.", nameof(listing));
            case NameListing names:
                foreach (NameRow name in names.Rows)
                {
                    StorageText.Check(name.Word, nameof(listing));
                    if (name.CustomerId != key)
                    {
                        throw new ArgumentException("A name has the key of its state.", nameof(listing));
                    }
                }

                break;
            default:
                break;
        }
    }

    private static void Check(LeadRow row, string key)
    {
        if (!string.Equals(row.LeadId, key, StringComparison.Ordinal))
        {
            throw new ArgumentException("A row of the list has the key of its state.", nameof(row));
        }

        StorageText.Check(row.CustomerId, nameof(row));
        StorageText.Check(row.Stage, nameof(row));
        StorageText.Check(row.Status, nameof(row));
        StorageText.CheckIfAny(row.OwnerId, nameof(row));
        StorageText.CheckIfAny(row.Queue, nameof(row));
    }
}
