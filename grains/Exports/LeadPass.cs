using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Goes through all leads and makes the rows of their tables. A lead stores each change at once.</summary>
internal sealed class LeadPass(JobTools tools, ExportTools mirror, MirrorFields fields, MirrorSinks sinks) : IMirrorPass
{
    private const int PageLeads = 200;

    public static ImmutableArray<MirrorTable> Tables { get; } =
    [SalesRows.Leads, SalesRows.Stages, SalesRows.Decisions];

    public Task Run(JobPace pace, CancellationToken stop) =>
        MirrorScan.Run(tools, GrainKeys.LeadState, PageLeads, Add, sinks, pace, stop);

    private async Task Add(ScannedState state)
    {
        LeadFile file = LeadFileJson.Read(state.Json);
        if (!file.IsErased)
        {
            SalesRows.Add(
                sinks.RowsOf(SalesRows.Leads),
                sinks.RowsOf(SalesRows.Stages),
                sinks.RowsOf(SalesRows.Decisions),
                file,
                mirror.Policies.Lifecycle,
                mirror.Policies.Scoring,
                await fields.OfCustomer(file.CustomerId)
            );
        }
    }
}
