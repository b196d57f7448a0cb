using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite;

/// <summary>The list of names.</summary>
internal sealed partial class SqliteBackend
{
    public Task<ImmutableArray<int>> CountNamesAsync(
        ImmutableArray<string> words,
        int limit,
        CancellationToken cancellationToken
    ) => ScanAsync(reader => reader.Names.Count(words, limit), cancellationToken);

    public Task<NameLookPage> LookAtNamesAsync(NameLook look, CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Names.Look(look), cancellationToken);

    public Task<bool> IsNameBackfillOwedAsync(CancellationToken cancellationToken) =>
        ScanAsync(reader => reader.Names.IsBackfillOwed(), cancellationToken);
}
