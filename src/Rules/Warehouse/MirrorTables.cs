using System.Collections.Immutable;

namespace Customer360.Rules.Warehouse;

/// <summary>All tables of the mirror.</summary>
public static class MirrorTables
{
    public static ImmutableArray<MirrorTable> All { get; } = [EventRows.Table];

    public static string Known { get; } = string.Join(", ", All.Select(table => table.Name));

    public static MirrorTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);
}
