namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class AuditTable
{
    private const string InsertSql =
        "insert into audit (chain, seq, hash, of_decision, record) values (?1, ?2, ?3, ?4, ?5)";

    // The second condition is the index's own; without it the index is not used.
    private const string KnownSql = "select 1 from audit where record ->> '$.id' = ?1 and of_decision = 0";

    private const string ReadBackSql = """
        select number, chain, seq, hash, record from audit where number < ?1 order by number desc limit ?2
        """;

    private const string ReadChainBackSql = """
        select number, chain, seq, hash, record from audit
        where chain = ?3 and number < ?1
        order by number desc
        limit ?2
        """;

    private const string ReadOnSql = """
        select number, chain, seq, hash, record from audit where number > ?1 order by number limit ?2
        """;

    // Each chain's newest row is found through the index; a grouping would read all of it.
    private const string HeadsSql = """
        with recursive known (chain) as (
            select 0 union all select chain + 1 from known where chain < 15
        )
        select a.chain, a.seq, a.hash from known
        join audit as a on a.number = (
            select number from audit where chain = known.chain order by number desc limit 1
        )
        """;
}
