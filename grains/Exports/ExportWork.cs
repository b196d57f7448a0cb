using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>
/// Writes the mirror on from where its manifest says it stands. A stretch of the log is one step: its files and the position behind it come
/// into the mirror together, so a run that is ended anywhere, and begun again, leaves nothing out and writes nothing twice.
/// </summary>
/// <remarks>
/// What can't be written or read again without somebody's help ends the job with a sentence that names the file. What is in the mirror
/// stays, and the next export goes on.
/// </remarks>
/// <param name="tools">What jobs work with.</param>
/// <param name="mirror">The mirror's folder, and who may see what in it.</param>
/// <param name="jobId">This job.</param>
/// <param name="order">What is to be written.</param>
/// <param name="before">What was done before a restart.</param>
/// <param name="keep">Writes that down.</param>
internal sealed class ExportWork(
    JobTools tools,
    ExportTools mirror,
    string jobId,
    ExportOrder order,
    ExportProgress before,
    Func<ExportProgress, Task> keep
) : IJobWork
{
    private readonly MirrorWriter _writer = new(mirror.Files, tools.Time, jobId);
    private readonly List<string> _notSeen = [];

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        if (!mirror.Files.IsSet)
        {
            return new ExportsAreOff();
        }

        try
        {
            Outcome<AccessRight> right = MirrorRights.Of(mirror);
            if (!right.Succeeded)
            {
                return right.Refusal;
            }

            ImmutableArray<long> heads = await tools.ReadHeads(stop);
            Refusal? refusal = await Open(heads, stop);
            return refusal ?? await Write(right.Value, heads, pace, progress, stop);
        }
        catch (MirrorFilesException error)
        {
            return new MirrorUnusable(error.Message);
        }
    }

    /// <summary>Reads the manifest and looks whether the mirror can be written on; why not, or null.</summary>
    private async Task<Refusal?> Open(ImmutableArray<long> heads, CancellationToken stop)
    {
        Outcome<MirrorManifest> read = await MirrorWriter.Read(tools, mirror, stop);
        if (order.IsFresh && !before.IsCleared)
        {
            await _writer.Clear(read.Succeeded ? read.Value : MirrorManifest.Empty, stop);
            await keep(new ExportProgress(IsCleared: true));
        }
        else if (!read.Succeeded)
        {
            return read.Refusal;
        }
        else
        {
            _writer.Begin(read.Value);
        }

        MirrorManifest manifest = _writer.Manifest;
        if (MirrorCheck.Refusal(manifest, mirror.Options, heads) is { } refused)
        {
            return refused;
        }

        if (order.From is { } from && manifest.Positions.Values.Any(position => position > 0) && manifest.From != from)
        {
            return new MirrorStartsElsewhere(manifest.From);
        }

        // A table that is not asked for may be broken, too, but then nobody reads on from it now.
        return order.IsRefresh ? null : MirrorCheck.FindGone(manifest, mirror.Files);
    }

    private async Task<Outcome<JobResult>> Write(
        AccessRight right,
        ImmutableArray<long> heads,
        JobPace pace,
        JobProgress progress,
        CancellationToken stop
    )
    {
        _writer.DeleteStrays();
        string version = mirror.AccessVersion;
        MirrorManifest manifest = _writer.Manifest;
        // What stands there was shown by another version: it is made again by this one.
        bool hasChanged = manifest.AccessVersion.Length > 0 && manifest.AccessVersion != version;
        bool isRefresh = order.IsRefresh || hasChanged;
        ExportOrder now =
            hasChanged && !order.Tables.IsEmpty
                ? order with
                {
                    Tables = MirrorTables.NamesOf(manifest, order.Tables),
                }
                : order;
        await _writer.Commit(
            [],
            one =>
                one with
                {
                    Role = mirror.Options.Role,
                    Purpose = mirror.Options.Purpose,
                    AccessVersion = one.AccessVersion.Length == 0 ? version : one.AccessVersion,
                    From = one.Positions.IsEmpty ? order.From : one.From,
                },
            stop
        );
        // Behind the manifest and before any row: a manifest that is not there then means that the folder is another one, or gone.
        await mirror.KnownAs(tools.Grains).Began();
        if (now.Names(EventRows.Table.Name))
        {
            if (right.Fields.Show(FieldSets.Messages))
            {
                await WriteEvents(right, heads, isRefresh, pace, progress, stop);
            }
            else
            {
                _notSeen.Add(EventRows.Table.Name);
            }
        }

        var snapshots = new Snapshots(tools, mirror, right, now);
        _notSeen.AddRange(snapshots.NotSeen.Select(table => table.Name));
        await TakeOut(isRefresh, stop);
        await snapshots.Run(_writer, sinks => Bring(sinks, stop), pace, stop);
        if (hasChanged)
        {
            await _writer.Commit([], one => one with { AccessVersion = version }, stop);
        }

        _writer.DeleteStrays();

        await mirror.Files.WriteAsync(
            SourcesYaml.FileName,
            Encoding.UTF8.GetBytes(
                SourcesYaml.Write(_writer.Manifest.Parts.Select(part => part.Table).Distinct(StringComparer.Ordinal))
            ),
            stop
        );
        return new JobResult(Report(), []);
    }

    /// <summary>What the role may see no more is not kept either.</summary>
    private async Task TakeOut(bool isRefresh, CancellationToken stop)
    {
        MirrorPart[] gone = [.. _writer.Manifest.Parts.Where(part => _notSeen.Contains(part.Table))];
        if (isRefresh && gone.Length > 0)
        {
            await _writer.Commit(
                gone,
                one =>
                    gone.Any(part => part.Table == EventRows.Table.Name)
                        ? one with
                        {
                            Positions = ImmutableSortedDictionary<int, long>.Empty,
                        }
                        : one,
                stop
            );
        }
    }

    /// <summary>Brings in tables that were written aside as a whole, in the place of what they were. What is the same stays.</summary>
    private async Task Bring(ImmutableArray<MirrorSink> sinks, CancellationToken stop)
    {
        HashSet<string> changed = new(StringComparer.Ordinal);
        foreach (MirrorSink sink in sinks)
        {
            MirrorPart[] parts = [.. _writer.Manifest.PartsOf(sink.Table.Name)];
            if (
                parts.Aggregate(default(MirrorSum), (sum, part) => sum + part.Sum) == sink.Sum
                && parts.All(part => mirror.Files.LengthOf(part.Path) == part.Bytes)
            )
            {
                _writer.Discard(sink.Table);
            }
            else
            {
                changed.Add(sink.Table.Name);
            }
        }

        if (changed.Count > 0)
        {
            await _writer.Commit(
                [.. _writer.Manifest.Parts.Where(part => changed.Contains(part.Table))],
                static manifest => manifest,
                stop
            );
        }
    }

    private async Task WriteEvents(
        AccessRight right,
        ImmutableArray<long> heads,
        bool isRefresh,
        JobPace pace,
        JobProgress progress,
        CancellationToken stop
    )
    {
        var fields = new MirrorFields(tools.Grains, right, tools.Time);
        var sight = new MirrorSight(mirror.Secret);
        DateOnly? from = _writer.Manifest.From;
        for (int partition = 0; partition < heads.Length; partition++)
        {
            if (isRefresh)
            {
                var all = new EventReading(tools, fields, sight, from, to: null);
                foreach (
                    MirrorStretch stretch in MirrorPlan
                        .Written(_writer.Manifest, EventRows.Table, partition)
                        .ToImmutableArray()
                )
                {
                    await Read(all, stretch, pace, stop);
                }
            }

            MirrorStretch next = MirrorPlan.Next(_writer.Manifest, EventRows.Table, partition, heads[partition]);
            if (_writer.Manifest.PositionOf(partition) < heads[partition])
            {
                await Read(new EventReading(tools, fields, sight, from, order.To), next, pace, stop);
            }

            await progress(90.0 * (partition + 1) / heads.Length);
        }
    }

    /// <summary>Reads a stretch to its end and writes what differs from what is there.</summary>
    private async Task Read(EventReading reading, MirrorStretch stretch, JobPace pace, CancellationToken stop)
    {
        bool hasEnded = false;
        while (!hasEnded && stretch.After < stretch.To)
        {
            EventStretch read = await reading.Read(stretch, pace, stop);
            if (read.Position < stretch.Least)
            {
                // The run is to stop before the end of what is there: that stays as it is.
                return;
            }

            var range = new MirrorRange(default, stretch.Partition, stretch.After, read.Position);
            ImmutableArray<MirrorPart> same =
            [
                .. stretch.Replaced.Where(part =>
                    part.Range! == range with { Day = part.Range!.Day }
                    && read.Days.TryGetValue(part.Range.Day, out MirrorRows? rows)
                    && rows.Sum == part.Sum
                    && mirror.Files.LengthOf(part.Path) == part.Bytes
                ),
            ];
            foreach ((DateOnly day, MirrorRows rows) in read.Days)
            {
                if (same.All(part => part.Range!.Day != day))
                {
                    await _writer.Write(rows, range with { Day = day }, stop);
                }
            }

            MirrorPart[] replaced = [.. stretch.Replaced.Except(same)];
            long position = Math.Max(_writer.Manifest.PositionOf(stretch.Partition), read.Position);
            if (
                replaced.Length > 0
                || read.Days.Count > same.Length
                || position > _writer.Manifest.PositionOf(stretch.Partition)
            )
            {
                await _writer.Commit(
                    replaced,
                    one => one with { Positions = one.Positions.SetItem(stretch.Partition, position) },
                    stop
                );
            }

            hasEnded = read.HasEnded;
            stretch = new MirrorStretch(stretch.Partition, read.Position, read.Position, stretch.To, []);
        }
    }

    /// <summary><c>{"manifest","files","rows","tables":[{"name","rows","files"}],"notSeen":[…]}</c></summary>
    private ReadOnlyMemory<byte> Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteNumber("manifest"u8, _writer.Manifest.Number);
        writer.WriteNumber("files"u8, _writer.FilesWritten);
        writer.WriteNumber("rows"u8, _writer.RowsWritten);
        writer.WriteStartArray("tables"u8);
        foreach (
            IGrouping<string, MirrorPart> parts in _writer.Manifest.Parts.GroupBy(
                part => part.Table,
                StringComparer.Ordinal
            )
        )
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, parts.Key);
            writer.WriteNumber("rows"u8, parts.Sum(part => part.Sum.Rows));
            writer.WriteNumber("files"u8, parts.Count());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notSeen"u8);
        foreach (string table in _notSeen)
        {
            writer.WriteStringValue(table);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
