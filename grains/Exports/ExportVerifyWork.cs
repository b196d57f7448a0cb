using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>
/// Compares the mirror with the grid: each file with what the manifest says of it, and its rows, as they are read from it, with the rows
/// that the grid makes now. Counts and sums that know no order, for each table, partition and day. It changes nothing.
/// </summary>
internal sealed class ExportVerifyWork(JobTools tools, ExportTools mirror, ExportOrder order) : IJobWork
{
    /// <summary>Differences that are listed; all are counted.</summary>
    private const int ListedMax = 1_000;

    private readonly List<MirrorDifference> _differences = [];
    private readonly SortedSet<string> _notCompared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private long _differenceCount;
    private long _rows;
    private int _files;

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        if (!mirror.Files.IsSet)
        {
            return new ExportsAreOff();
        }

        try
        {
            Outcome<AccessRight> right = MirrorRights.Of(mirror);
            Outcome<MirrorManifest> manifest = await MirrorWriter.Read(tools, mirror, stop);
            if (!right.Succeeded || !manifest.Succeeded)
            {
                return right.Refusal ?? manifest.Refusal!;
            }

            ImmutableArray<long> heads = await tools.ReadHeads(stop);
            if (
                (
                    MirrorCheck.Refusal(manifest.Value, mirror.Options, heads)
                    ?? MirrorCheck.AccessChanged(manifest.Value, mirror.AccessVersion)
                ) is
                { } refused
            )
            {
                return refused;
            }

            await CheckFiles(manifest.Value, pace, stop);
            await progress(20);
            if (order.Names(EventRows.Table.Name))
            {
                await CheckEvents(manifest.Value, right.Value, pace, progress, stop);
            }

            await new Snapshots(
                tools,
                mirror,
                right.Value,
                order with
                {
                    Tables =
                    [
                        .. MirrorTables.NamesOf(manifest.Value).Where(name => name.Length == 0 || order.Names(name)),
                    ],
                }
            ).Run(writer: null, sinks => CheckTables(manifest.Value, sinks, pace, stop), pace, stop);
            return new JobResult(Report(manifest.Value), []);
        }
        catch (MirrorFilesException error)
        {
            return new MirrorUnusable(error.Message);
        }
    }

    private async Task CheckFiles(MirrorManifest manifest, JobPace pace, CancellationToken stop)
    {
        foreach (MirrorPart part in manifest.Parts.Where(part => order.Names(part.Table)))
        {
            string? hash = await pace.Storage(mirror.Files.HashOfAsync(part.Path, stop));
            _files++;
            if (hash != part.Sha256)
            {
                _broken.Add(part.Path);
                Note(new MirrorDifference(hash is null ? "fileGone" : "fileChanged", part.Table) { Path = part.Path });
            }

            await pace.Rest();
        }
    }

    private async Task CheckEvents(
        MirrorManifest manifest,
        AccessRight right,
        JobPace pace,
        JobProgress progress,
        CancellationToken stop
    )
    {
        var fields = new MirrorFields(tools.Grains, right, tools.Time);
        var reading = new EventReading(tools, fields, new MirrorSight(mirror.Secret), manifest.From, to: null);
        for (int partition = 0; partition < tools.Grid.Partitions; partition++)
        {
            var grid = new Dictionary<DateOnly, MirrorSum>();
            var held = new Dictionary<DateOnly, MirrorSum>();
            foreach (MirrorStretch written in MirrorPlan.Written(manifest, EventRows.Table, partition))
            {
                await Count(reading, written, grid, pace, stop);
                foreach (MirrorPart part in written.Replaced.Where(part => !_broken.Contains(part.Path)))
                {
                    Add(held, part.Range!.Day, (await Rows(part, EventRows.Table, pace, stop)).Sum);
                }
            }

            // Of whose file is broken that is said already.
            HashSet<DateOnly> passed =
            [
                .. manifest
                    .PartsOf(EventRows.Table.Name)
                    .Where(part => part.Range?.Partition == partition && _broken.Contains(part.Path))
                    .Select(part => part.Range!.Day),
            ];
            foreach (DateOnly day in grid.Keys.Union(held.Keys).Except(passed).Order())
            {
                Compare(EventRows.Table, partition, day, grid.GetValueOrDefault(day), held.GetValueOrDefault(day));
            }

            await progress(20 + (80.0 * (partition + 1) / tools.Grid.Partitions));
        }
    }

    /// <summary>Tables that are written as a whole, as they would be written now.</summary>
    private async Task CheckTables(
        MirrorManifest manifest,
        ImmutableArray<MirrorSink> sinks,
        JobPace pace,
        CancellationToken stop
    )
    {
        foreach (MirrorSink sink in sinks)
        {
            MirrorPart[] parts = [.. manifest.PartsOf(sink.Table.Name)];
            if (parts.Any(part => _broken.Contains(part.Path)))
            {
                continue;
            }

            MirrorSum held = default;
            foreach (MirrorPart part in parts)
            {
                held += (await Rows(part, sink.Table, pace, stop)).Sum;
            }

            // What came while it was read is in none of the two, or in one of them: so it is asked behind.
            if (held != sink.Sum && (sink.Table.ChangesByItself || !await IsUpToDate(manifest, stop)))
            {
                _notCompared.Add(sink.Table.Name);
            }
            else
            {
                Compare(sink.Table, partition: null, day: null, sink.Sum, held);
            }
        }
    }

    /// <summary>No message came since the mirror was written: else what people are by now can't be in it.</summary>
    private async Task<bool> IsUpToDate(MirrorManifest manifest, CancellationToken stop)
    {
        ImmutableArray<long> heads = await tools.ReadHeads(stop);
        return heads.Select((head, partition) => head == manifest.PositionOf(partition)).All(static isSame => isSame);
    }

    private static async Task Count(
        EventReading reading,
        MirrorStretch stretch,
        Dictionary<DateOnly, MirrorSum> grid,
        JobPace pace,
        CancellationToken stop
    )
    {
        bool hasEnded = false;
        while (!hasEnded && stretch.After < stretch.To)
        {
            EventStretch read = await reading.Read(stretch, pace, stop);
            foreach ((DateOnly day, MirrorRows rows) in read.Days)
            {
                Add(grid, day, rows.Sum);
            }

            hasEnded = read.HasEnded;
            stretch = stretch with { After = read.Position, Least = read.Position };
        }
    }

    private async Task<MirrorRows> Rows(MirrorPart part, MirrorTable table, JobPace pace, CancellationToken stop)
    {
        MirrorRows rows = await pace.Storage(mirror.Files.ReadRowsAsync(part.Path, table, stop));
        _rows += rows.Count;
        await pace.Rest();
        return rows;
    }

    private static void Add(Dictionary<DateOnly, MirrorSum> sums, DateOnly day, MirrorSum sum) =>
        sums[day] = sums.GetValueOrDefault(day) + sum;

    private void Compare(MirrorTable table, int? partition, DateOnly? day, MirrorSum grid, MirrorSum held)
    {
        if (grid != held)
        {
            Note(
                new MirrorDifference("differs", table.Name)
                {
                    Partition = partition,
                    Day = day,
                    Grid = grid,
                    Mirror = held,
                }
            );
        }
    }

    private void Note(MirrorDifference difference)
    {
        _differenceCount++;
        if (_differences.Count < ListedMax)
        {
            _differences.Add(difference);
        }
    }

    /// <summary>
    /// <c>{"manifest","files","rows","isSame","differenceCount","differences":[{"kind","table","path"?,"partition"?,"date"?,"grid"?:{"rows",
    /// "checksum"},"mirror"?:{…}}],"notCompared":[…]}</c>: tables of what people are by now, of which messages that came since have changed something.
    /// </summary>
    private ReadOnlyMemory<byte> Report(MirrorManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteNumber("manifest"u8, manifest.Number);
        writer.WriteNumber("files"u8, _files);
        writer.WriteNumber("rows"u8, _rows);
        writer.WriteBoolean("isSame"u8, _differenceCount == 0);
        writer.WriteNumber("differenceCount"u8, _differenceCount);
        writer.WriteStartArray("differences"u8);
        foreach (MirrorDifference difference in _differences)
        {
            difference.WriteJson(writer);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notCompared"u8);
        foreach (string table in _notCompared)
        {
            writer.WriteStringValue(table);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}

/// <summary>Where mirror and grid are not the same.</summary>
/// <param name="Kind"><c>fileGone</c>, <c>fileChanged</c> or <c>differs</c>.</param>
internal sealed record MirrorDifference(string Kind, string Table)
{
    public string? Path { get; init; }

    public int? Partition { get; init; }

    public DateOnly? Day { get; init; }

    public MirrorSum? Grid { get; init; }

    public MirrorSum? Mirror { get; init; }

    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, Kind);
        writer.WriteString("table"u8, Table);
        if (Path is not null)
        {
            writer.WriteString("path"u8, Path);
        }

        if (Partition is { } partition)
        {
            writer.WriteNumber("partition"u8, partition);
        }

        if (Day is { } day)
        {
            writer.WriteString("date"u8, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        Write(writer, "grid", Grid);
        Write(writer, "mirror", Mirror);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, MirrorSum? sum)
    {
        if (sum is { } known)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("rows"u8, known.Rows);
            writer.WriteString("checksum"u8, known.HashText);
            writer.WriteEndObject();
        }
    }
}
