using System.Collections.Immutable;

namespace Customer360.Rules.Warehouse;

/// <summary>All tables of the mirror.</summary>
public static class MirrorTables
{
    public static ImmutableArray<MirrorTable> All { get; } =
    [
        EventRows.Table,
        PersonRows.Profiles,
        PersonRows.Traits,
        PersonRows.Identifiers,
        PersonRows.Consents,
        IdentityRows.Graph,
        IdentityRows.Moves,
        ConversionRows.Conversions,
        ConversionRows.Touches,
        ConversionRows.Credits,
        AccountRows.Accounts,
        AccountRows.Opportunities,
        SalesRows.Leads,
        SalesRows.Stages,
        SalesRows.Decisions,
        AudienceRows.Changes,
        DeliveryRows.Table,
        PolicyRows.Table,
    ];

    public static string Known { get; } = string.Join(", ", All.Select(table => table.Name));

    /// <summary>The names of those that a mirror has, with those that are asked for; never none, which would mean all.</summary>
    public static ImmutableArray<string> NamesOf(MirrorManifest manifest, params IEnumerable<string> more) =>
        ["", .. manifest.Parts.Select(part => part.Table).Concat(more).Distinct(StringComparer.Ordinal)];

    public static MirrorTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);
}
