using System.Collections.Immutable;
using System.Globalization;

namespace Customer360.Rules.Warehouse;

/// <summary>A file of the mirror, as it was written.</summary>
/// <param name="Path">Below the mirror's folder, with slashes.</param>
/// <param name="Sum">What its rows come to.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes, 64 hexadecimal digits.</param>
public sealed record MirrorPart(string Table, string Path, MirrorSum Sum, long Bytes, string Sha256)
{
    /// <summary>Of a table by day.</summary>
    public MirrorRange? Range { get; init; }
}

/// <summary>Where the rows of a file come from.</summary>
/// <param name="Day">The day on which all of them were received, UTC.</param>
/// <param name="Partition">The partition of the log.</param>
/// <param name="After">They stand behind this position.</param>
/// <param name="To">And up to this one. Files of several days may have been read together, and then have the same range.</param>
public sealed record MirrorRange(DateOnly Day, int Partition, long After, long To);

/// <summary>
/// What the mirror consists of. Readers take it from <c>manifest.json</c>, which is written when its files are there: what it does not name
/// is no part of the mirror. Immutable.
/// </summary>
public sealed record MirrorManifest
{
    public const string FileName = "manifest.json";

    public const int Format = 1;

    public static MirrorManifest Empty { get; } = new();

    /// <summary>Rises by one with each writing; no two files have the same name.</summary>
    public long Number { get; init; }

    public DateTimeOffset WrittenAt { get; init; }

    /// <summary>The job that wrote it.</summary>
    public string JobId { get; init; } = "";

    /// <summary>The role of <c>access.yaml</c> as which the mirror is written.</summary>
    public string Role { get; init; } = "";

    /// <summary>What for.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The version of <c>access.yaml</c> by which its rows were shown.</summary>
    public string AccessVersion { get; init; } = "";

    /// <summary>The first day of receipt that it has; null: all.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Of each partition of the log the last position that was looked at.</summary>
    public ImmutableSortedDictionary<int, long> Positions { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>By table, then path (ordinal).</summary>
    public ImmutableArray<MirrorPart> Parts { get; init; } = [];

    public bool IsEmpty => Number == 0;

    public long PositionOf(int partition) => Positions.GetValueOrDefault(partition);

    public IEnumerable<MirrorPart> PartsOf(string table) =>
        Parts.Where(part => string.Equals(part.Table, table, StringComparison.Ordinal));

    /// <summary>With some parts in the place of others.</summary>
    public MirrorManifest With(IEnumerable<MirrorPart> added, IEnumerable<MirrorPart> removed)
    {
        HashSet<string> gone = [.. removed.Select(part => part.Path)];
        return this with
        {
            Parts =
            [
                .. Parts
                    .Where(part => !gone.Contains(part.Path))
                    .Concat(added)
                    .OrderBy(part => part.Table, StringComparer.Ordinal)
                    .ThenBy(part => part.Path, StringComparer.Ordinal),
            ],
        };
    }

    /// <summary><c>events/date=2026-11-28/part-0003-501-1000-12.parquet</c></summary>
    public static string PathOf(string table, MirrorRange range, long number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{table}/date={range.Day:yyyy-MM-dd}/part-{range.Partition:d4}-{range.After + 1}-{range.To}-{number}.parquet"
        );

    /// <summary><c>profiles/part-0000-12.parquet</c></summary>
    public static string PathOf(string table, int index, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{table}/part-{index:d4}-{number}.parquet");
}
