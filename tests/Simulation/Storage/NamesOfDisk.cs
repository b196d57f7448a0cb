using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Simulation.Storage;

/// <summary>The words of people's names, as the stores keep them.</summary>
internal sealed class NamesOfDisk
{
    private readonly SortedDictionary<string, ImmutableArray<NameRow>> _rows = new(StringComparer.Ordinal);

    public IEnumerable<NameRow> Rows => _rows.Values.SelectMany(rows => rows);

    public void Replace(string customerId, ImmutableArray<NameRow> rows) => _rows[customerId] = rows;

    public ImmutableArray<int> Count(ImmutableArray<string> words, int limit) =>
        [.. words.Select(word => Math.Min(limit, Rows.Count(row => Begins(row, word))))];

    public NameLookPage Look(NameLook look)
    {
        NameRow[] looked =
        [
            .. Rows.Where(row => Begins(row, look.Lead) && IsBehind(row, look.After))
                .OrderBy(row => row.Word, StringComparer.Ordinal)
                .ThenBy(row => row.CustomerId, StringComparer.Ordinal)
                .Take(look.LookedAt),
        ];
        ImmutableArray<NamePlace> found = [.. looked.Where(row => IsMeant(row, look)).Take(look.Limit).Select(PlaceOf)];
        return new NameLookPage(
            found,
            found.Length == look.Limit ? found[^1]
                : looked.Length == look.LookedAt ? PlaceOf(looked[^1])
                : null
        );
    }

    private bool IsMeant(NameRow row, NameLook look)
    {
        ImmutableArray<NameRow> own = [.. _rows[row.CustomerId].Where(one => (one.Fields & look.Fields) != 0)];
        return (row.Fields & look.Fields) != 0
            && !own.Any(one => Begins(one, look.Lead) && string.CompareOrdinal(one.Word, row.Word) < 0)
            && look.Others.All(other => own.Any(one => Begins(one, other)));
    }

    private static bool IsBehind(NameRow row, NamePlace? after) =>
        after is null
        || string.CompareOrdinal(row.Word, after.Word) is var byWord
            && (byWord > 0 || (byWord == 0 && string.CompareOrdinal(row.CustomerId, after.CustomerId) > 0));

    private static bool Begins(NameRow row, string word) => row.Word.StartsWith(word, StringComparison.Ordinal);

    private static NamePlace PlaceOf(NameRow row) => new(row.Word, row.CustomerId);
}
