using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Takes messages that did not keep their contracts out of a partition's quarantine. Each is judged by the contracts in force and read
/// by the rules in force; the log gets it once more, under the id of the place that it leaves, and then it leaves it. So a crash at any
/// step, and a second try, come to the same.
/// </summary>
internal sealed class HeldReleases(
    int partition,
    IEventLog eventLog,
    EnvelopeReader reader,
    Suppressions suppressions,
    SetAsideMessages aside,
    IGrainFactory grains,
    GridOptions options,
    CancellationToken stop
)
{
    private static readonly RedriveFilter s_all = new(null, null, null);

    /// <summary>Of one message: null once it is released and in its profile, else why not.</summary>
    public async Task<string?> Release(long position, TimeSpan waitAtMost)
    {
        RedriveReply reply = await Release(new RedriveRequest([position], s_all, IsDryRun: false), waitAtMost);
        return reply.Busy > 0 ? "busy"
            : reply.Violations.IsEmpty ? null
            : ContractViolations.Reason;
    }

    /// <param name="request">Which messages.</param>
    /// <param name="waitAtMost">How long to wait until they are in their profiles; zero: until they are stored.</param>
    public async Task<RedriveReply> Release(RedriveRequest request, TimeSpan waitAtMost)
    {
        int matched = 0;
        List<long> gone = [];
        List<(string Source, ViolationPlace Place)> violating = [];
        List<(long Position, Envelope Envelope)> free = [];
        // Taken before they are read, so none is read by rules of a later change.
        long since = reader.AnchorsSince;
        foreach ((long position, Envelope? held) in await Read(request.Positions))
        {
            if (held is not null && !(held.IsHeld && IsMeant(held, request.Filter)))
            {
                continue;
            }

            matched++;
            if (held is null || suppressions.Strip(held) is not { } kept)
            {
                gone.Add(position);
                continue;
            }

            Outcome<Envelope> released = reader.Release(kept, partition, position);
            if (released.Succeeded)
            {
                free.Add((position, released.Value));
            }
            else
            {
                violating.Add((held.Source, PlaceOf(held, released.Refusal)));
            }
        }

        int busy = 0;
        if (!request.IsDryRun)
        {
            await Task.WhenAll(gone.Select(position => aside.Remove(position, stop)));
            busy = await Append(free, since, waitAtMost);
        }

        return new RedriveReply(
            matched,
            free.Count - busy,
            gone.Count,
            busy,
            [
                .. violating
                    .GroupBy(one => one)
                    .Select(group => new RedriveViolation(group.Key.Source, group.Key.Place, group.Count())),
            ]
        );
    }

    /// <summary>Answers how many could not be stored now.</summary>
    private async Task<int> Append(List<(long Position, Envelope Envelope)> free, long since, TimeSpan waitAtMost)
    {
        // Rules may have given one another anchor between two tries: then another partition has it.
        ImmutableArray<LogRow>[] before = await Task.WhenAll(
            free.Select(one => eventLog.FindMessageAsync(one.Envelope.LogId, stop))
        );
        int[] busy = await Task.WhenAll(
            free.Where((_, index) => before[index].IsEmpty)
                .GroupBy(one => Partitions.Of(one.Envelope.Anchor, options.Partitions))
                .Select(parcel => Append(parcel.Key, [.. parcel], since, waitAtMost))
        );
        await Task.WhenAll(
            free.Where((_, index) => !before[index].IsEmpty).Select(one => aside.Remove(one.Position, stop))
        );
        return busy.Sum();
    }

    private async Task<int> Append(
        int target,
        (long Position, Envelope Envelope)[] parcel,
        long since,
        TimeSpan waitAtMost
    )
    {
        CollectReply reply = await grains
            .GetGrain<IIntakeGrain>(target)
            .Collect(
                new CollectRequest(
                    [.. parcel.Select(one => one.Envelope)],
                    WaitUntilApplied: waitAtMost > TimeSpan.Zero,
                    waitAtMost
                )
                {
                    AnchorsSince = since,
                }
            );
        if (reply.Status is CollectStatus.Overloaded or CollectStatus.OtherAnchors)
        {
            return parcel.Length;
        }

        await Task.WhenAll(parcel.Select(one => aside.Remove(one.Position, stop)));
        return 0;
    }

    /// <summary>Null where the log has the message no more.</summary>
    private async Task<List<(long Position, Envelope? Envelope)>> Read(ImmutableArray<long> positions)
    {
        Dictionary<long, LogRow> rows = [];
        long span = positions.IsEmpty ? 0 : positions[^1] - positions[0] + 1;
        // A release that breaks an event breaks all of them: they mostly stand side by side.
        ImmutableArray<LogRow>[] reads =
            span <= 2L * positions.Length
                ? [await eventLog.ReadPartitionAsync(partition, positions[0] - 1, (int)span, stop)]
                : await Task.WhenAll(
                    positions.Select(position => eventLog.ReadPartitionAsync(partition, position - 1, 1, stop))
                );
        foreach (LogRow row in reads.SelectMany(page => page))
        {
            rows[row.Position] = row;
        }

        return
        [
            .. positions.Select(position =>
                (position, rows.TryGetValue(position, out LogRow? row) ? EnvelopeReader.FromJson(row.Payload) : null)
            ),
        ];
    }

    private static bool IsMeant(Envelope held, RedriveFilter filter) =>
        (filter.Source is null || filter.Source == held.Source)
        && (filter.Contract is null || filter.Contract == (held.Contract!.Contract ?? ViolationTally.Other))
        && (filter.Kind is null || held.Contract!.Violations.Any(one => one.Kind == filter.Kind));

    private static ViolationPlace PlaceOf(Envelope held, Refusal refusal)
    {
        ContractJudgement? judgement = (refusal as ContractViolated)?.Judgement;
        SchemaViolation first = judgement?.Violations.FirstOrDefault() ?? new SchemaViolation("", refusal.Code);
        return new ViolationPlace(
            judgement?.Contract ?? held.Contract!.Contract ?? ViolationTally.Other,
            first.Path,
            first.Kind
        );
    }
}
