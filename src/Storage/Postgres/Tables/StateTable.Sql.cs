namespace Customer360.Storage.Postgres.Tables;

internal static partial class StateTable
{
    private static readonly Statements s_anyKind = new(
        "select key, state, version from grain_state where key = any($1) and kind = $2",
        """
        insert into grain_state (kind, key, state, version)
        select $3, i.key, i.state, 1 from unnest($1, $2) as i (key, state)
        on conflict (kind, key) do nothing
        returning key
        """,
        """
        update grain_state as s set state = i.state, version = s.version + 1
        from unnest($1, $2, $3) as i (key, state, version)
        where s.kind = $4 and s.key = i.key and s.version = i.version
        returning s.key
        """,
        """
        delete from grain_state as s using unnest($1, $2) as i (key, version)
        where s.kind = $3 and s.key = i.key and s.version = i.version
        returning s.key
        """
    );

    /// <summary>Kinds with a table of their own; every other kind is a row of <c>grain_state</c>.</summary>
    private static readonly Dictionary<string, Statements> s_ownTables = new string[]
    {
        "customer",
        "identifier",
        "account",
        "intake",
    }.ToDictionary(table => table, StatementsOf, StringComparer.Ordinal);

    private const string PageAnyKindSql =
        "select key, state from grain_state where kind = $3 and key > $1 order by key limit $2";

    private static string PageSql(string table) =>
        $"select key, state from {table} where key > $1 order by key limit $2";

    private static Statements StatementsOf(string table) =>
        new(
            $"select key, state, version from {table} where key = any($1)",
            $"""
            insert into {table} (key, state, version)
            select i.key, i.state, 1 from unnest($1, $2) as i (key, state)
            on conflict (key) do nothing
            returning key
            """,
            $"""
            update {table} as s set state = i.state, version = s.version + 1
            from unnest($1, $2, $3) as i (key, state, version)
            where s.key = i.key and s.version = i.version
            returning s.key
            """,
            $"""
            delete from {table} as s using unnest($1, $2) as i (key, version)
            where s.key = i.key and s.version = i.version
            returning s.key
            """
        );

    private sealed record Statements(string Read, string Insert, string Update, string Delete)
    {
        /// <summary>The kind of a row of <c>grain_state</c> is one parameter more.</summary>
        private int Kinds => ReferenceEquals(this, s_anyKind) ? 1 : 0;

        public string AuditedInsert => field ??= Audited(Insert, 3 + Kinds);

        public string AuditedUpdate => field ??= Audited(Update, 4 + Kinds);

        /// <summary>A write of one state, and its audit records if it goes through.</summary>
        /// <param name="first">The number of the first parameter of the records.</param>
        private static string Audited(string write, int first) =>
            $"""
                with written as (
                    {write}
                ),
                {AuditTable.ChainedSql(first, $"exists (select from written) and {AuditTable.IsNewSql}")}
                select key from written
                """;
    }
}
