namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class StateTable
{
    /// <summary>Kinds with a table of their own; every other kind is a row of <c>grain_state</c>.</summary>
    private static readonly string[] s_ownTables = ["customer", "identifier", "account", "intake"];

    private static string ReadSql(string table) => $"select state, version from {table} where key = ?1";

    private static string PageSql(string table) =>
        $"select key, state from {table} where key > ?1 order by key limit ?2";

    private static string InsertSql(string table) =>
        $"insert into {table} (key, state, version) values (?1, ?2, 1) on conflict do nothing";

    private static string UpdateSql(string table) =>
        $"update {table} set state = ?2, version = version + 1 where key = ?1 and version = ?3";

    private static string DeleteSql(string table) => $"delete from {table} where key = ?1 and version = ?2";

    private const string ReadAnyKindSql = "select state, version from grain_state where key = ?1 and kind = ?4";

    private const string PageAnyKindSql = """
        select key, state from grain_state where kind = ?4 and key > ?1 order by key limit ?2
        """;

    private const string InsertAnyKindSql = """
        insert into grain_state (key, state, version, kind) values (?1, ?2, 1, ?4) on conflict do nothing
        """;

    private const string UpdateAnyKindSql = """
        update grain_state set state = ?2, version = version + 1 where key = ?1 and version = ?3 and kind = ?4
        """;

    private const string DeleteAnyKindSql = "delete from grain_state where key = ?1 and version = ?2 and kind = ?4";
}
