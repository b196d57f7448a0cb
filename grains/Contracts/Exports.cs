using System.Collections.Immutable;

namespace Customer360.Grains.Contracts;

/// <summary>What an export is to write, or a verification to compare.</summary>
/// <param name="Tables">By name; none: all that the mirror's role may see.</param>
/// <param name="From">Of a new mirror: the first day of receipt that it has; null: all.</param>
/// <param name="To">The last day of receipt that is written by this run; null: all.</param>
/// <param name="IsFresh">What the mirror has is thrown away first.</param>
/// <param name="IsRefresh">What the mirror has is made again from the grid, and written anew where it differs or is gone.</param>
[GenerateSerializer, Immutable, Alias("c360.ExportOrder")]
public sealed record ExportOrder(
    [property: Id(0)] ImmutableArray<string> Tables,
    [property: Id(1)] DateOnly? From,
    [property: Id(2)] DateOnly? To,
    [property: Id(3)] bool IsFresh,
    [property: Id(4)] bool IsRefresh
)
{
    /// <summary>All tables, on from where they stand.</summary>
    public static ExportOrder Everything { get; } = new([], null, null, IsFresh: false, IsRefresh: false);

    public bool Names(string table) => Tables.IsEmpty || Tables.Contains(table, StringComparer.Ordinal);
}
