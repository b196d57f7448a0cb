using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Checks every record of the audit log against the hashes of its chain, and against a head that was kept elsewhere where there is one. It
/// only reads, and begins anew after a restart.
/// </summary>
/// <param name="given">The head that was kept elsewhere; null: none.</param>
internal sealed class AuditCheckWork(IAuditReader log, AuditHead? given) : IJobWork
{
    private const int PageRecords = 1_000;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        // In this order: what the head speaks of is there, and of what comes later nothing is looked at.
        AuditHead head = await pace.Storage(log.ReadHeadAsync(stop));
        ImmutableArray<AuditRow> newest = await pace.Storage(log.ReadBackAsync(null, long.MaxValue, 1, stop));
        long last = newest.IsEmpty ? 0 : newest[0].Number;
        var verifier = new AuditVerifier([.. new[] { given, head }.OfType<AuditHead>()]);
        for (long from = 1; from <= last; from += PageRecords)
        {
            // Numbers rise, and some are missing: of so many numbers there are at most as many records.
            ImmutableArray<AuditRow> rows = await pace.Storage(
                log.ReadBackAsync(null, from + PageRecords, PageRecords, stop)
            );
            foreach (AuditRow row in rows.Reverse().Where(row => row.Number >= from && row.Number <= last))
            {
                verifier.Add(row);
            }

            await pace.Rest();
            await progress(100.0 * from / last);
        }

        return new JobResult(AuditReportJson.Write(verifier.Finish(), given is not null), []);
    }
}
