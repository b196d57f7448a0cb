using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="ILeadList"/>
internal sealed class LeadList(IStorageBackend backend) : ILeadList
{
    public Task<ImmutableArray<LeadRow>> ReadAsync(LeadQuery query, CancellationToken cancellationToken)
    {
        StorageText.CheckIfAny(query.Stage, nameof(query));
        StorageText.CheckIfAny(query.Status, nameof(query));
        StorageText.CheckIfAny(query.OwnerId, nameof(query));
        StorageText.CheckIfAny(query.Queue, nameof(query));
        StorageText.CheckIfAny(query.CustomerId, nameof(query));
        if (query.After is { } after)
        {
            StorageText.Check(after.LeadId, nameof(query));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, EventLog.PageRowsMax, nameof(query));
        return backend.ReadLeadsAsync(query, cancellationToken);
    }
}
