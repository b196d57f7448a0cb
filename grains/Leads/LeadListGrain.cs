using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="ILeadListGrain"/>
[GrainType("lead-list")]
[StatelessWorker]
public sealed class LeadListGrain(ILeadList list) : Grain, ILeadListGrain
{
    public async Task<ImmutableArray<LeadListRow>> Read(LeadListQuery query)
    {
        ImmutableArray<LeadRow> rows = await list.ReadAsync(
            new LeadQuery
            {
                Stage = query.Stage,
                Status = query.Status,
                OwnerId = query.OwnerId,
                Queue = query.Queue,
                CustomerId = query.CustomerId,
                DueBy = query.DueBy,
                CreatedFrom = query.CreatedFrom,
                IsOpen = query.IsOpen,
                After = query is { AfterTime: { } at, AfterId: { } id } ? new LeadCursor(at, id) : null,
                Limit = query.Limit,
            },
            CancellationToken.None
        );
        return
        [
            .. rows.Select(row => new LeadListRow(
                row.LeadId,
                row.CustomerId,
                row.Stage,
                row.Status,
                row.OwnerId,
                row.Queue,
                row.CreatedAt,
                row.DueAt
            )),
        ];
    }
}
