using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>What is counted together in an hour.</summary>
/// <param name="Event">See <see cref="QualityFacts.Event"/>.</param>
/// <param name="Version">See <see cref="QualityFacts.Version"/>.</param>
public readonly record struct QualityRow(string Event, string Version) : IComparable<QualityRow>
{
    public int CompareTo(QualityRow other)
    {
        int order = string.CompareOrdinal(Event, other.Event);
        return order != 0 ? order : string.CompareOrdinal(Version, other.Version);
    }

    public static bool operator <(QualityRow left, QualityRow right) => left.CompareTo(right) < 0;

    public static bool operator >(QualityRow left, QualityRow right) => left.CompareTo(right) > 0;

    public static bool operator <=(QualityRow left, QualityRow right) => left.CompareTo(right) <= 0;

    public static bool operator >=(QualityRow left, QualityRow right) => left.CompareTo(right) >= 0;
}

/// <summary>Which of its reports of repeats a partition's writer has told.</summary>
/// <param name="Writer">Of an activation of the partition, and of no other.</param>
/// <param name="Number">From 1, rising.</param>
public readonly record struct RepeatMark(string Writer, long Number);

/// <summary>
/// The messages of a source that were received in an hour, counted. Each partition tells of its messages in its order, and may tell of some
/// again after a crash: how far it was counted stands beside the counts, so none counts twice. No name or value of a person is in it.
/// </summary>
/// <param name="CountedTo">By partition: up to which position.</param>
public sealed record QualityHour(
    ImmutableSortedDictionary<int, long> CountedTo,
    ImmutableSortedDictionary<QualityRow, QualityCounts> Rows
)
{
    /// <summary>Rows of an hour. What comes beyond is counted in one.</summary>
    public const int RowsMax = 500;

    /// <summary>By partition: which report of repeats was counted last.</summary>
    public ImmutableSortedDictionary<int, RepeatMark> RepeatsTo { get; init; } =
        ImmutableSortedDictionary<int, RepeatMark>.Empty;

    public static QualityHour Empty { get; } =
        new(ImmutableSortedDictionary<int, long>.Empty, ImmutableSortedDictionary<QualityRow, QualityCounts>.Empty);

    /// <summary>Of all messages.</summary>
    public QualityCounts Total => Rows.Values.Aggregate(QualityCounts.Empty, static (sum, counts) => sum.With(counts));

    /// <summary>The counts with what a partition tells; the same object where it has told it before.</summary>
    public QualityHour With(int partition, ImmutableArray<QualityGroup> groups)
    {
        long before = CountedTo.GetValueOrDefault(partition);
        long to = before;
        ImmutableSortedDictionary<QualityRow, QualityCounts>.Builder? rows = null;
        foreach (QualityGroup group in groups)
        {
            long fresh = FreshOf(group.Positions, before);
            if (fresh == 0)
            {
                continue;
            }

            rows ??= Rows.ToBuilder();
            to = Math.Max(to, group.Positions[^1]);
            QualityRow row = RowOf(rows, new QualityRow(group.Event, group.Version));
            rows[row] = rows.GetValueOrDefault(row, QualityCounts.Empty).With(QualityCounts.Of(group, fresh));
        }

        return rows is null
            ? this
            : this with
            {
                CountedTo = CountedTo.SetItem(partition, to),
                Rows = rows.ToImmutable(),
            };
    }

    /// <summary>
    /// The counts with messages that came again; the same object where they were counted. A repeat is not stored, so it has no place by which
    /// it were known: what a crash takes away before it is told is not counted, and nothing is counted twice.
    /// </summary>
    /// <param name="repeats">By name, how many.</param>
    /// <param name="at">When the last of them came, UTC.</param>
    public QualityHour WithRepeats(
        int partition,
        RepeatMark mark,
        ImmutableArray<(string Event, long Count)> repeats,
        DateTimeOffset at
    )
    {
        RepeatMark known = RepeatsTo.GetValueOrDefault(partition);
        if (repeats.IsEmpty || (known.Writer == mark.Writer && mark.Number <= known.Number))
        {
            return this;
        }

        ImmutableSortedDictionary<QualityRow, QualityCounts>.Builder rows = Rows.ToBuilder();
        foreach ((string name, long count) in repeats)
        {
            QualityRow row = RowOf(rows, new QualityRow(name, ""));
            rows[row] = rows.GetValueOrDefault(row, QualityCounts.Empty).With(QualityCounts.OfRepeats(count, at));
        }

        return this with
        {
            RepeatsTo = RepeatsTo.SetItem(partition, mark),
            Rows = rows.ToImmutable(),
        };
    }

    /// <summary>Of the messages of a name; null: of all.</summary>
    public QualityCounts Of(string? name) =>
        name is null
            ? Total
            : Rows.Where(row => row.Key.Event == name)
                .Aggregate(QualityCounts.Empty, static (sum, row) => sum.With(row.Value));

    private static QualityRow RowOf(
        ImmutableSortedDictionary<QualityRow, QualityCounts>.Builder rows,
        QualityRow row
    ) => rows.Count < RowsMax || rows.ContainsKey(row) ? row : new QualityRow(QualityFacts.Other, "");

    /// <summary>Those behind a position: they rise.</summary>
    private static long FreshOf(ImmutableArray<long> positions, long before)
    {
        int known = positions.AsSpan().BinarySearch(before);
        return positions.Length - (known < 0 ? ~known : known + 1);
    }
}
