using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.TryOuts;
using Customer360.Rules.Outcomes;

namespace Customer360.Grains;

/// <summary>Judges the messages of the last days by contracts that are proposed. It only reads, and begins anew after a restart.</summary>
internal sealed class ContractsTryOutWork(JobTools tools, ContractsPolicy proposed, DateTimeOffset since) : IJobWork
{
    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        var tryOut = new ContractsTryOut(proposed);
        await new RecentMessages(tools, since, pace, stop).ReadAll(
            row => tryOut.Add(row.Partition, row.Position, row.Payload),
            progress
        );
        return new JobResult(tryOut.Report(), []);
    }
}
