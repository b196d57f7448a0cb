using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Postgres.Tables;

namespace Customer360.Storage.Postgres;

/// <summary>The list of names.</summary>
internal sealed partial class PostgresBackend
{
    public Task<ImmutableArray<int>> CountNamesAsync(
        ImmutableArray<string> words,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(() => NameTable.Count(words, limit), reader => reader.GetInt32(0), cancellationToken);

    public async Task<NameLookPage> LookAtNamesAsync(NameLook look, CancellationToken cancellationToken)
    {
        ImmutableArray<(NamePlace Place, bool IsMeant)> rows = await ScanAsync(
            () => NameTable.Look(look),
            NameTable.ReadRow,
            cancellationToken
        );
        ImmutableArray<NamePlace> found = [.. rows.Where(row => row.IsMeant).Take(look.Limit).Select(row => row.Place)];
        return new NameLookPage(
            found,
            found.Length == look.Limit ? found[^1]
                : rows.Length == look.LookedAt ? rows[^1].Place
                : null
        );
    }

    public async Task<bool> IsNameBackfillOwedAsync(CancellationToken cancellationToken) =>
        (await ScanAsync(NameTable.ReadOwed, reader => reader.GetBoolean(0), cancellationToken))[0];
}
