using System.Globalization;

namespace Customer360.Storage.Postgres.Tables;

internal static partial class AuditTable
{
    /// <summary>True where a record <c>e</c> is not there yet. The second condition is the index's own.</summary>
    public const string IsNewSql = """
        not exists (
            select from audit as known where known.record ->> 'id' = e.id and not known.of_decision
        )
        """;

    private const string LockSql = """
        select chain from audit_head where chain = any($1) order by chain for update
        """;

    private const string ReadBackSql = """
        select number, chain, seq, hash, record from audit where number < $1 order by number desc limit $2
        """;

    private const string ReadChainBackSql = """
        select number, chain, seq, hash, record from audit
        where chain = $3 and number < $1
        order by number desc
        limit $2
        """;

    private const string ReadOnSql = """
        select number, chain, seq, hash, record from audit where number > $1 order by number limit $2
        """;

    private const string HeadsSql = "select chain, size, hash from audit_head order by chain";

    private const string KeySql = "select key from audit_key where id = 1";

    private static readonly string s_appendSql = $"""
        with {ChainedSql(1, IsNewSql)}
        select count(*) from entry
        """;

    /// <summary>
    /// What hangs records on the ends of their chains, as parts of a <c>with</c>. Both the rows and the new ends are written in the
    /// statement that this is part of; the chains are locked before it.
    /// </summary>
    /// <param name="first">The number of the first of four parameters: chains, ids, whether of a decision, and records.</param>
    /// <param name="condition">Which of the records <c>e</c> are written.</param>
    public static string ChainedSql(int first, string condition) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            entry as (
                select e.chain, e.of_decision, e.record, e.number, h.hash as head,
                    h.size + row_number() over (partition by e.chain order by e.number) as seq
                from unnest(${first}, ${first + 1}, ${first + 2}, ${first + 3})
                    with ordinality as e (chain, id, of_decision, record, number)
                join audit_head as h on h.chain = e.chain
                where {condition}
            ),
            link as (
                select chain, seq, of_decision, record, number,
                    audit_link(head, int4send(chain) || int8send(seq), convert_to(record::text, 'UTF8'))
                        over (partition by chain order by number) as hash
                from entry
            ),
            recorded as (
                insert into audit (chain, seq, of_decision, hash, record)
                select chain, seq, of_decision, hash, record from link order by number
            ),
            moved as (
                update audit_head as h set size = t.seq, hash = t.hash
                from (select distinct on (chain) chain, seq, hash from link order by chain, seq desc) as t
                where h.chain = t.chain
            )
            """
        );
}
