using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <summary>
/// Decides the leads of the last days anew under proposed rules. It only reads, and begins anew after a restart. What is stored of a lead
/// is read beside its grain, which so is not woken for it.
/// </summary>
internal sealed class BackTestWork(
    JobTools tools,
    ILeadList leads,
    RoutingPolicy proposed,
    SalesTeam team,
    DateTimeOffset until,
    int days
) : IJobWork
{
    private const int PageLeads = 200;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        var test = new BackTest(proposed, team);
        DateTimeOffset from = until.AddDays(-days);
        LeadCursor? after = null;
        while (true)
        {
            ImmutableArray<LeadRow> page = await pace.Storage(
                leads.ReadAsync(
                    new LeadQuery
                    {
                        CreatedFrom = from,
                        After = after,
                        Limit = PageLeads,
                    },
                    stop
                )
            );
            StoredState?[] states = await pace.Storage(
                Task.WhenAll(page.Select(row => tools.States.ReadAsync(GrainKeys.LeadState, row.LeadId, stop)))
            );
            foreach (StoredState? state in states)
            {
                if (
                    state is not null
                    && LeadFileJson.Read(state.Json) is { Decision: { } decision, Lead.LeadId: var id }
                    && BackTestLead.Read(id, decision) is { } lead
                )
                {
                    test.Add(lead);
                }
            }

            if (page.Length < PageLeads)
            {
                return new JobResult(test.Report(), test.Differences);
            }

            after = new LeadCursor(page[^1].CreatedAt, page[^1].LeadId);
            await progress(100 * (until - page[^1].CreatedAt) / (until - from));
            await pace.Rest();
        }
    }
}
