using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// Folds the log anew, anchor by anchor, and compares each fold byte for byte with what the owning customer has. Reads only.
/// </summary>
/// <remarks>
/// Folds are held in memory, so a grid with more anchors than may be held is checked in slices of them, by a hash; the log is
/// read once for each. A slice that is done is written down and not done again.
/// </remarks>
internal sealed class CheckWork(JobTools tools, CheckProgress before, Func<CheckProgress, Task> keep) : IJobWork
{
    private const int PageRows = 1_000;
    private const int PieceRows = 500;
    private const int CompareAnchors = 100;
    private const int DifferencesMax = 1_000;
    private const int SlicesMax = 1 << 16;

    private CheckProgress _done = before;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        while (_done.Done < _done.Slices)
        {
            await CheckSlice(pace, progress, stop);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("messages"u8, _done.Messages);
        writer.WriteNumber("anchors"u8, _done.Anchors);
        writer.WriteNumber("slices"u8, _done.Slices);
        writer.WriteNumber("perSecond"u8, Math.Round(_done.Messages * _done.Slices / Math.Max(_done.Seconds, 0.001)));
        writer.WriteNumber("differenceCount"u8, _done.DifferenceCount);
        JobStateCodec.WriteDifferences(writer, _done.Differences);
        writer.WriteEndObject();
        await writer.FlushAsync(stop);
        return new JobResult(buffer.WrittenSpan.ToArray(), []);
    }

    private async Task CheckSlice(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        var folds = new Dictionary<string, AnchorFold>(StringComparer.Ordinal);
        ImmutableArray<long> heads = await tools.ReadHeads(stop);
        double total = Math.Max(1, heads.Sum());
        long read = 0;
        long began = tools.Time.GetTimestamp();
        for (int partition = 0; partition < heads.Length; partition++)
        {
            long after = 0;
            Task<ImmutableArray<LogRow>>? ahead = null;
            while (after < heads[partition])
            {
                ImmutableArray<LogRow> rows = await pace.Storage(ahead ?? Read(partition, after, stop));
                long next = rows.Length < PageRows ? heads[partition] : rows[^1].Position;
                ahead = next < heads[partition] && pace.IsUnlimited ? Read(partition, next, stop) : null;
                for (int from = 0; from < rows.Length; from += PieceRows)
                {
                    Fold(folds, rows.AsSpan()[from..Math.Min(rows.Length, from + PieceRows)], heads[partition]);
                    await pace.Rest();
                }

                read += next - after;
                after = next;
                await progress(PercentOf(0.8 * read / total));
            }
        }

        double seconds = tools.Time.GetElapsedTime(began).TotalSeconds;
        long messages = folds.Values.Sum(fold => fold.Fold.MessageCount);
        int compared = 0;
        foreach (KeyValuePair<string, AnchorFold>[] some in folds.Chunk(CompareAnchors))
        {
            await Compare(some, pace, stop);
            compared += some.Length;
            await progress(PercentOf(0.8 + (0.2 * compared / folds.Count)));
            await pace.Rest();
        }

        _done = _done with
        {
            Done = _done.Done + 1,
            Messages = _done.Messages + messages,
            Anchors = _done.Anchors + folds.Count,
            Seconds = _done.Seconds + seconds,
        };
        await keep(_done);
    }

    private double PercentOf(double slice) => 100 * (_done.Done + slice) / _done.Slices;

    private Task<ImmutableArray<LogRow>> Read(int partition, long after, CancellationToken stop) =>
        tools.Log.ReadPartitionAsync(partition, after, PageRows, stop);

    private void Fold(Dictionary<string, AnchorFold> folds, ReadOnlySpan<LogRow> rows, long head)
    {
        foreach (LogRow row in rows)
        {
            if (row.Position > head || !IsOfSlice(row.Anchor))
            {
                continue;
            }

            Envelope envelope = EnvelopeReader.FromJson(row.Payload);
            if (envelope.IsHeld)
            {
                continue;
            }

            ref AnchorFold? fold = ref CollectionsMarshal.GetValueRefOrAddDefault(folds, row.Anchor, out _);
            fold ??= new AnchorFold();
            fold.AppliedTo = row.Position;
            fold.Fold = fold.Fold.Apply(envelope, new LogPlace(row.Partition, row.Position));
            if (folds.Count > tools.Options.CheckAnchorsMax)
            {
                Halve(folds);
            }
        }
    }

    /// <summary>
    /// More anchors than may be held: the first slice becomes half as large, and the others with it. In a later slice they
    /// are as many as they are; a hash deals them out evenly.
    /// </summary>
    private void Halve(Dictionary<string, AnchorFold> folds)
    {
        if (_done.Done > 0 || _done.Slices >= SlicesMax)
        {
            return;
        }

        _done = _done with { Slices = _done.Slices * 2 };
        foreach (string anchor in folds.Keys.Where(anchor => !IsOfSlice(anchor)).ToArray())
        {
            folds.Remove(anchor);
        }
    }

    private bool IsOfSlice(string anchor) =>
        _done.Slices == 1 || (HashOf(anchor) & (uint)(_done.Slices - 1)) == _done.Done;

    /// <summary>FNV-1a over UTF-16: a slice must be the same after a restart.</summary>
    private static uint HashOf(string anchor)
    {
        uint hash = 2166136261;
        foreach (char one in anchor)
        {
            hash = (hash ^ one) * 16777619;
        }

        return hash ^ (hash >> 15);
    }

    private async Task Compare(KeyValuePair<string, AnchorFold>[] anchors, JobPace pace, CancellationToken stop)
    {
        string?[] owners = await pace.Storage(Task.WhenAll(anchors.Select(anchor => OwnerOf(anchor.Key, stop))));
        var byOwner = Enumerable.Range(0, anchors.Length).GroupBy(index => owners[index] ?? "", StringComparer.Ordinal);
        foreach (IGrouping<string, int> group in byOwner)
        {
            string customer = group.Key;
            Dictionary<Identifier, FoldedEntry> entries = [];
            if (customer.Length > 0)
            {
                EntriesReply reply = await Entries(
                    customer,
                    [.. group.Select(index => Identifier.Parse(anchors[index].Key))]
                );
                entries = reply.Entries.ToDictionary(entry => entry.Identifier);
            }

            foreach (int index in group)
            {
                (string anchor, AnchorFold fold) = anchors[index];
                FoldedEntry? entry = entries.GetValueOrDefault(Identifier.Parse(anchor));
                if (entry is null || !IsEqual(entry, fold))
                {
                    await CompareAlone(anchor, fold, pace, stop);
                }
            }
        }
    }

    private static bool IsEqual(FoldedEntry entry, AnchorFold fold) =>
        entry.AppliedTo == fold.AppliedTo && entry.FoldJson.Span.SequenceEqual(FoldBytes.Of(fold.Fold));

    /// <summary>
    /// A difference may only be of the moment: the identifier was moving, or more was folded since. So it is looked at again,
    /// and folded as far as its customer has.
    /// </summary>
    private async Task CompareAlone(string anchor, AnchorFold fold, JobPace pace, CancellationToken stop)
    {
        string? owner = await OwnerOf(anchor, stop);
        if (owner is null)
        {
            Note(null, "unowned");
            return;
        }

        EntriesReply reply = await Entries(owner, [Identifier.Parse(anchor)]);
        if (reply.Entries is not [var entry])
        {
            Note(reply.MovedTo ?? owner, "missing");
            return;
        }

        if (entry.AppliedTo < fold.AppliedTo)
        {
            Note(owner, "behind");
            return;
        }

        ProfileFold whole = await FoldTo(anchor, entry.AppliedTo, pace, stop);
        if (!entry.FoldJson.Span.SequenceEqual(FoldBytes.Of(whole)))
        {
            Note(owner, "differs");
        }
    }

    private async Task<ProfileFold> FoldTo(string anchor, long to, JobPace pace, CancellationToken stop)
    {
        ProfileFold fold = ProfileFold.Empty;
        long after = 0;
        while (after < to)
        {
            ImmutableArray<LogRow> rows = await pace.Storage(tools.Log.ReadAnchorAsync(anchor, after, PageRows, stop));
            foreach (LogRow row in rows)
            {
                fold =
                    row.Position <= to && EnvelopeReader.FromJson(row.Payload) is { IsHeld: false } envelope
                        ? fold.Apply(envelope, new LogPlace(row.Partition, row.Position))
                        : fold;
            }

            after = rows.Length < PageRows ? to : rows[^1].Position;
            await pace.Rest();
        }

        return fold;
    }

    /// <summary>From the stored states: asking the grains would bring every identifier into memory.</summary>
    private async Task<string?> OwnerOf(string anchor, CancellationToken stop)
    {
        StoredState? state = await tools.States.ReadAsync(GrainKeys.IdentifierState, anchor, stop);
        return state is null ? null : IdentifierStateCodec.Read(state.Json).Owner;
    }

    private async Task<EntriesReply> Entries(string customer, ImmutableArray<Identifier> identifiers)
    {
        var query = new EntriesQuery(identifiers);
        (_, EntriesReply reply) = await Stubs.Follow(
            customer,
            id => tools.Grains.GetGrain<ICustomerGrain>(id).GetEntries(query),
            static reply => reply.MovedTo
        );
        return reply;
    }

    private void Note(string? customerId, string kind) =>
        _done = _done with
        {
            DifferenceCount = _done.DifferenceCount + 1,
            Differences =
                _done.Differences.Length < DifferencesMax
                    ? _done.Differences.Add(new CheckDifference(customerId, kind))
                    : _done.Differences,
        };

    private sealed class AnchorFold
    {
        public long AppliedTo { get; set; }

        public ProfileFold Fold { get; set; } = ProfileFold.Empty;
    }
}
