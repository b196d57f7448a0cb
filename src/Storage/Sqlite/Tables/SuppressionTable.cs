using System.Collections.Immutable;
using Customer360.Rules.Privacy;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The list of suppressed identifiers, over one connection.</summary>
internal sealed partial class SuppressionTable(SqliteConnection connection)
{
    private SqliteStatement? _last;
    private SqliteStatement? _insert;
    private SqliteStatement? _read;

    /// <summary>False where the first entry does not follow the last one that is stored.</summary>
    public bool Append(ImmutableArray<SuppressionEntry> entries)
    {
        _last ??= connection.Prepare(LastSql);
        _last.Step();
        bool follows = _last.Int64(0) + 1 == entries[0].Sequence;
        _last.Reset();
        if (!follows)
        {
            return false;
        }

        _insert ??= connection.Prepare(InsertSql);
        foreach (SuppressionEntry entry in entries)
        {
            _insert
                .Bind(1, entry.Sequence)
                .Bind(2, entry.Hash.ToString())
                .Bind(3, (long)entry.Change)
                .Bind(4, StorageTime.ToMicroseconds(entry.At))
                .Bind(5, entry.RequestId)
                .Bind(6, entry.By)
                .Run();
        }

        return true;
    }

    public ImmutableArray<SuppressionEntry> Read(long afterSequence, int limit)
    {
        _read ??= connection.Prepare(ReadSql);
        _read.Bind(1, afterSequence).Bind(2, limit);
        var entries = ImmutableArray.CreateBuilder<SuppressionEntry>();
        while (_read.Step())
        {
            entries.Add(
                new SuppressionEntry(
                    _read.Int64(0),
                    SuppressionHash.Parse(_read.Text(1)),
                    (SuppressionChange)_read.Int32(2),
                    StorageTime.FromMicroseconds(_read.Int64(3)),
                    _read.Text(4),
                    _read.Text(5)
                )
            );
        }

        _read.Reset();
        return entries.DrainToImmutable();
    }
}
