using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Lists the names of customers that were there before the list was. A customer that is listed by now is passed over, so the work may be
/// begun anew at any time, and does nothing twice.
/// </summary>
internal sealed class NameBackfillWork(JobTools tools) : IJobWork
{
    private const int AtOnce = 20;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        long listed = 0;
        await CustomerPages.Walk(tools, pace, progress, List, stop);

        return new JobResult(
            JsonSerializer.SerializeToUtf8Bytes(
                new Dictionary<string, long>(StringComparer.Ordinal) { ["customers"] = listed }
            ),
            []
        );

        async Task List(ImmutableArray<ScannedState> page)
        {
            foreach (ScannedState[] piece in page.Where(IsOwed).Chunk(AtOnce))
            {
                bool[] written = await Task.WhenAll(
                    piece.Select(state => tools.Grains.GetGrain<ICustomerGrain>(state.Key).ListNames())
                );
                listed += written.Count(one => one);
                await pace.Rest();
            }
        }
    }

    /// <summary>Who has no name, and whose names are listed as they are stored, is not woken.</summary>
    private static bool IsOwed(ScannedState state) => CustomerStateCodec.Decode(state.Json).OwesNames;
}
