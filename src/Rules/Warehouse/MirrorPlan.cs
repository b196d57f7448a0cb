using System.Collections.Immutable;

namespace Customer360.Rules.Warehouse;

/// <summary>A stretch of a partition of the log that is read at once, and written as a file for each day.</summary>
/// <param name="After">Read behind this position.</param>
/// <param name="Least">Read up to this one at least.</param>
/// <param name="To">And no further than this one.</param>
/// <param name="Replaced">The files whose rows are among them; they go when the new ones are there.</param>
public sealed record MirrorStretch(int Partition, long After, long Least, long To, ImmutableArray<MirrorPart> Replaced);

/// <summary>Where the mirror of the log goes on, and how its files are cut.</summary>
public static class MirrorPlan
{
    /// <summary>Rows of a file, about: it is cut at the end of a page.</summary>
    public const int RowsMax = 50_000;

    /// <summary>Bytes that rows may take in memory until they are written, about.</summary>
    public const long SizeMax = 64 * 1024 * 1024;

    /// <summary>
    /// Where a partition goes on. Where its last file is small, that is read again and written anew together with what came since, so that
    /// many short runs do not leave many short files. One with a neighbour of another day is complete.
    /// </summary>
    /// <param name="head">How far it may be read.</param>
    public static MirrorStretch Next(MirrorManifest manifest, MirrorTable table, int partition, long head)
    {
        long position = manifest.PositionOf(partition);
        ImmutableArray<MirrorPart> last = LastOf(manifest, table, partition);
        bool grows =
            last is [{ Range: { } range } only]
            && only.Sum.Rows < RowsMax / 2
            // What is passed over again is bounded, too.
            && position - range.After < 2 * RowsMax;
        return grows
            ? new MirrorStretch(partition, last[0].Range!.After, position, head, last)
            : new MirrorStretch(partition, position, position, head, []);
    }

    /// <summary>True where enough was read for a file: what is read on belongs to the next.</summary>
    /// <param name="days">How many days the rows are of.</param>
    /// <param name="position">The last that was read.</param>
    public static bool IsEnough(MirrorStretch stretch, int rows, long size, int days, long position) =>
        position >= stretch.Least && (rows >= RowsMax || size >= SizeMax || days > 1);

    /// <summary>
    /// The stretches that a partition of the mirror has by now, in order and without gaps: what is between files is read again, too, since
    /// more of it may be seen by now.
    /// </summary>
    public static IEnumerable<MirrorStretch> Written(MirrorManifest manifest, MirrorTable table, int partition)
    {
        long after = 0;
        foreach (
            IGrouping<(long After, long To), MirrorPart> read in PartsOf(manifest, table, partition)
                .GroupBy(part => (part.Range!.After, part.Range.To))
                .OrderBy(group => group.Key.After)
        )
        {
            if (read.Key.After > after)
            {
                yield return new MirrorStretch(partition, after, after, read.Key.After, []);
            }

            yield return new MirrorStretch(partition, read.Key.After, read.Key.To, read.Key.To, [.. read]);
            after = read.Key.To;
        }

        if (manifest.PositionOf(partition) is var end && end > after)
        {
            yield return new MirrorStretch(partition, after, after, end, []);
        }
    }

    private static ImmutableArray<MirrorPart> LastOf(MirrorManifest manifest, MirrorTable table, int partition)
    {
        MirrorPart[] parts = [.. PartsOf(manifest, table, partition)];
        long to = parts.Length == 0 ? 0 : parts.Max(part => part.Range!.To);
        return [.. parts.Where(part => part.Range!.To == to)];
    }

    private static IEnumerable<MirrorPart> PartsOf(MirrorManifest manifest, MirrorTable table, int partition) =>
        manifest.PartsOf(table.Name).Where(part => part.Range?.Partition == partition);
}
