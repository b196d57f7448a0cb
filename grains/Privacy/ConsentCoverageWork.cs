using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Counts customers by what they say to each purpose. It reads what is stored and wakes nobody, so it is behind by what their grains have not
/// written yet; it begins anew after a restart.
/// </summary>
internal sealed class ConsentCoverageWork(JobTools tools, ConsentCoverage coverage) : IJobWork
{
    private const int PageCustomers = 200;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        string after = "";
        string? first = null;
        ImmutableArray<ScannedState> page;
        do
        {
            page = await pace.Storage(tools.Scan.ReadPageAsync(GrainKeys.CustomerState, after, PageCustomers, stop));
            first ??= page.FirstOrDefault()?.Key;
            foreach (ScannedState state in page)
            {
                CustomerState customer = CustomerStateCodec.Decode(state.Json);
                if (customer is { MovedTo: null, Status: not OwnerStatus.Erased })
                {
                    coverage.Add(customer.Map);
                }

                after = state.Key;
            }

            await pace.Rest();
            await progress(first is null ? 100 : CustomerPages.PercentOf(first, after, tools.Time.GetUtcNow()));
        } while (page.Length == PageCustomers);

        return new JobResult(coverage.Report(), []);
    }
}
