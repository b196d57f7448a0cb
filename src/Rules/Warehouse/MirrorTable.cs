using System.Collections.Immutable;

namespace Customer360.Rules.Warehouse;

/// <summary>What a column of the mirror holds. Any value may be missing.</summary>
public enum MirrorKind
{
    /// <summary>Of a value that is missing; no column is of it.</summary>
    None = 0,

    Text = 1,

    /// <summary>A whole number; money in minor units, with its currency in a column beside it.</summary>
    Number = 2,

    Flag = 3,

    /// <summary>UTC, to the millisecond.</summary>
    Time = 4,

    /// <summary>JSON as text.</summary>
    Json = 5,
}

/// <summary>A column. One is added and never changed: readers of older files find it missing, which is null.</summary>
/// <param name="About">In a sentence; the mirror's own description is written from it.</param>
public sealed record MirrorColumn(string Name, MirrorKind Kind, string About);

/// <summary>A table of the mirror.</summary>
/// <param name="Name">Its folder's name, too.</param>
/// <param name="About">In a sentence.</param>
/// <param name="Columns">In the order in which rows have their values.</param>
public sealed record MirrorTable(string Name, string About, ImmutableArray<MirrorColumn> Columns)
{
    /// <summary>By the day of receipt, and by the log's positions; other tables are written anew as a whole.</summary>
    public bool IsByDay { get; init; }

    /// <summary>Names of columns that together are unique; none: nothing is promised.</summary>
    public ImmutableArray<string> Key { get; init; } = [];

    /// <summary>
    /// It changes also while no message comes: by a clock, by people, by what receivers answer. So what differs later need not be wrong.
    /// </summary>
    public bool ChangesByItself { get; init; }

    /// <summary>The column by which one tells how fresh the table is; null: the manifest says so.</summary>
    public string? LoadedAt { get; init; }
}
