using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The tables of grain state, over one connection.</summary>
internal sealed partial class StateTable(SqliteConnection connection)
{
    private const int KindParameter = 4;

    private readonly Dictionary<string, Statements> _byKind = new(StringComparer.Ordinal);
    private Statements? _anyKind;

    public StoredState? Read(string kind, string key)
    {
        SqliteStatement read = Choose(kind, statements => statements.Read ??= connection.Prepare(statements.ReadSql));
        read.Bind(1, key);
        StoredState? state = read.Step() ? new StoredState(read.Bytes(0).ToArray(), read.Int64(1)) : null;
        read.Reset();
        return state;
    }

    /// <summary>States of a kind, by key.</summary>
    public ImmutableArray<ScannedState> ReadPage(string kind, string afterKey, int limit)
    {
        SqliteStatement read = Choose(kind, statements => statements.Page ??= connection.Prepare(statements.PageSql));
        read.Bind(1, afterKey).Bind(2, limit);
        var page = ImmutableArray.CreateBuilder<ScannedState>();
        while (read.Step())
        {
            page.Add(new ScannedState(read.Text(0), read.Bytes(1).ToArray()));
        }

        read.Reset();
        return page.DrainToImmutable();
    }

    /// <summary>Writes a state of the expected version; answers the new version, or null where another write came first.</summary>
    public long? Write(string kind, string key, ReadOnlySpan<byte> json, long expectedVersion)
    {
        if (expectedVersion == 0)
        {
            SqliteStatement insert = Choose(
                kind,
                statements => statements.Insert ??= connection.Prepare(statements.InsertSql)
            );
            return insert.Bind(1, key).BindText(2, json).Run() == 1 ? 1 : null;
        }

        SqliteStatement update = Choose(
            kind,
            statements => statements.Update ??= connection.Prepare(statements.UpdateSql)
        );
        return update.Bind(1, key).BindText(2, json).Bind(3, expectedVersion).Run() == 1 ? expectedVersion + 1 : null;
    }

    public bool Delete(string kind, string key, long expectedVersion)
    {
        SqliteStatement delete = Choose(
            kind,
            statements => statements.Delete ??= connection.Prepare(statements.DeleteSql)
        );
        return delete.Bind(1, key).Bind(2, expectedVersion).Run() == 1;
    }

    private SqliteStatement Choose(string kind, Func<Statements, SqliteStatement> choose)
    {
        if (_byKind.TryGetValue(kind, out Statements? statements))
        {
            return choose(statements);
        }

        if (Array.IndexOf(s_ownTables, kind) >= 0)
        {
            statements = new Statements(
                ReadSql(kind),
                PageSql(kind),
                InsertSql(kind),
                UpdateSql(kind),
                DeleteSql(kind)
            );
            _byKind.Add(kind, statements);
            return choose(statements);
        }

        _anyKind ??= new Statements(
            ReadAnyKindSql,
            PageAnyKindSql,
            InsertAnyKindSql,
            UpdateAnyKindSql,
            DeleteAnyKindSql
        );
        return choose(_anyKind).Bind(KindParameter, kind);
    }

    private sealed record Statements(
        string ReadSql,
        string PageSql,
        string InsertSql,
        string UpdateSql,
        string DeleteSql
    )
    {
        public SqliteStatement? Read { get; set; }

        public SqliteStatement? Page { get; set; }

        public SqliteStatement? Insert { get; set; }

        public SqliteStatement? Update { get; set; }

        public SqliteStatement? Delete { get; set; }
    }
}
