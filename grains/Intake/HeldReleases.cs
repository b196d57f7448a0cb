using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
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
        foreach ((long position, LogRow? row) in await Read(request.Positions))
        {
            Looked looked = Look(position, row, request.Filter);
            matched += looked.IsMeant ? 1 : 0;
            if (looked.Released is { } released)
            {
                free.Add((position, released));
            }
            else if (looked.Violating is { } place)
            {
                violating.Add(place);
            }
            else if (looked.IsMeant)
            {
                gone.Add(position);
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

    /// <summary>
    /// What becomes of one message. One that can't be read is told among those that stay: an older release may not know what a newer one
    /// wrote, and behind it there are others.
    /// </summary>
    private Looked Look(long position, LogRow? row, RedriveFilter filter)
    {
        if (row is null)
        {
            return new Looked(IsMeant: true, null, null);
        }

        try
        {
            Envelope held = EnvelopeReader.FromJson(row.Payload);
            if (!held.IsHeld || !IsMeant(held, filter))
            {
                return default;
            }

            if (suppressions.Strip(held) is not { } kept)
            {
                return new Looked(IsMeant: true, null, null);
            }

            Outcome<Envelope> released = reader.Release(kept, partition, position);
            return released.Succeeded
                ? new Looked(IsMeant: true, released.Value, null)
                : new Looked(IsMeant: true, null, (held.Source, PlaceOf(held, released.Refusal)));
        }
        catch (Exception error)
            when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return new Looked(
                IsMeant: true,
                null,
                (ViolationTally.Other, new ViolationPlace(ViolationTally.Other, "", ContractViolations.NotJudged))
            );
        }
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
    private async Task<List<(long Position, LogRow? Row)>> Read(ImmutableArray<long> positions)
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

        return [.. positions.Select(position => (position, rows.GetValueOrDefault(position)))];
    }

    /// <summary>What was found of one message: nothing but that it is meant says that it is gone.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Looked(
        bool IsMeant,
        Envelope? Released,
        (string Source, ViolationPlace Place)? Violating
    );

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
