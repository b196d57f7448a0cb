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
            var row = new QualityRow(group.Event, group.Version);
            row = rows.Count < RowsMax || rows.ContainsKey(row) ? row : new QualityRow(QualityFacts.Other, "");
            rows[row] = rows.GetValueOrDefault(row, QualityCounts.Empty).With(QualityCounts.Of(group, fresh));
        }

        return rows is null ? this : new QualityHour(CountedTo.SetItem(partition, to), rows.ToImmutable());
    }

    /// <summary>Of the messages of a name; null: of all.</summary>
    public QualityCounts Of(string? name) =>
        name is null
            ? Total
            : Rows.Where(row => row.Key.Event == name)
                .Aggregate(QualityCounts.Empty, static (sum, row) => sum.With(row.Value));

    /// <summary>Those behind a position: they rise.</summary>
    private static long FreshOf(ImmutableArray<long> positions, long before)
    {
        int known = positions.AsSpan().BinarySearch(before);
        return positions.Length - (known < 0 ? ~known : known + 1);
    }
}
