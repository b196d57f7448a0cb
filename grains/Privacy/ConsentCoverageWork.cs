using System.Collections.Immutable;
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
    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        await CustomerPages.Walk(tools, pace, progress, Add, stop);
        return new JobResult(coverage.Report(), []);

        Task Add(ImmutableArray<ScannedState> page)
        {
            foreach (ScannedState state in page)
            {
                CustomerState customer = CustomerStateCodec.Decode(state.Json);
                if (customer is { MovedTo: null, Status: not OwnerStatus.Erased })
                {
                    coverage.Add(customer.Map);
                }
            }

            return pace.Rest();
        }
    }
}
