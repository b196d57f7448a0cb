using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Has every customer decide all audiences by what is in force. A customer that has done so by this policy changes nothing, so the work may
/// be begun anew at any time.
/// </summary>
internal sealed class AudienceBackfillWork(JobTools tools, AudiencePolicy policy) : IJobWork
{
    private const int AtOnce = 20;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        await tools.Grains.GetGrain<IAudienceSizesGrain>(GrainKeys.Current).Begin();
        long customers = 0;
        long changes = 0;
        await CustomerPages.Walk(tools, pace, progress, Look, stop);

        return new JobResult(
            JsonSerializer.SerializeToUtf8Bytes(
                new Dictionary<string, long>(StringComparer.Ordinal)
                {
                    ["customers"] = customers,
                    ["changes"] = changes,
                }
            ),
            []
        );

        async Task Look(ImmutableArray<ScannedState> page)
        {
            foreach (ScannedState[] piece in page.Where(IsOwed).Chunk(AtOnce))
            {
                // A customer that has moved is met under its other id, or was decided with the merge.
                AudienceLookReply[] replies = await Task.WhenAll(
                    piece.Select(state => tools.Grains.GetGrain<ICustomerGrain>(state.Key).LookAtAudiences())
                );
                changes += replies.Sum(reply => reply.Changes);
                customers += replies.Count(reply => reply.MovedTo is null);
                await pace.Rest();
            }
        }
    }

    /// <summary>What has moved, or is decided by this policy as it is stored, is not woken.</summary>
    private bool IsOwed(ScannedState state)
    {
        CustomerState customer = CustomerStateCodec.Decode(state.Json);
        return customer is { MovedTo: null, Status: not OwnerStatus.Erased }
            && customer.Audiences.Standings.PolicyVersion != policy.Version;
    }
}
