using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IAudienceList"/>
internal sealed class AudienceList(IStorageBackend backend) : IAudienceList
{
    public Task<ImmutableArray<AudienceRow>> ReadAsync(
        string audience,
        string after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(audience, nameof(audience));
        if (after.Length > 0)
        {
            StorageText.Check(after, nameof(after));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventLog.PageRowsMax);
        return backend.ReadMembersAsync(audience, after, limit, cancellationToken);
    }

    public Task<ImmutableArray<AudienceSize>> ReadSizesAsync(CancellationToken cancellationToken) =>
        backend.ReadAudienceSizesAsync(cancellationToken);

    public Task<long> CountBothAsync(string one, string other, CancellationToken cancellationToken)
    {
        StorageText.Check(one, nameof(one));
        StorageText.Check(other, nameof(other));
        return backend.CountInBothAsync(one, other, cancellationToken);
    }

    public Task<ImmutableArray<AudienceChangeRow>> ReadChangesAsync(
        string audience,
        AudienceChangePlace after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(audience, nameof(audience));
        if (after.CustomerId.Length > 0)
        {
            StorageText.Check(after.CustomerId, nameof(after));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, EventLog.PageRowsMax);
        return backend.ReadMemberChangesAsync(audience, after, limit, cancellationToken);
    }

    public Task<long> ReadLastChangeAsync(CancellationToken cancellationToken) =>
        backend.ReadLastMemberChangeAsync(cancellationToken);
}
