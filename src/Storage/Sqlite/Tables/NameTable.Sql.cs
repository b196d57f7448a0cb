using System.Globalization;

namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class NameTable
{
    private const string UpsertSql = """
        insert into customer_name (word, customer_id, fields) values (?1, ?2, ?3)
        on conflict (word, customer_id) do update set fields = excluded.fields where fields <> excluded.fields
        """;

    private const string WordsSql = "select word from customer_name where customer_id = ?1";

    private const string DeleteSql = "delete from customer_name where word = ?2 and customer_id = ?1";

    private const string CountSql = """
        select count(*) from (select 1 from customer_name where word >= ?1 and word < ?2 limit ?3)
        """;

    private const string OwedSql = "select exists (select 1 from customer_name_backfill)";

    private const int FirstOfOthers = 7;

    /// <summary>The rows that are looked at, and of each whether it is meant. A customer is meant once: under the first of its words.</summary>
    internal static string LookSql(int others)
    {
        string all = string.Concat(
            Enumerable
                .Range(0, others)
                .Select(index =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"""

                         and exists (
                            select 1 from customer_name as o where o.customer_id = n.customer_id
                                and o.word >= ?{FirstOfOthers + (2 * index)} and o.word < ?{FirstOfOthers
                        + (2 * index)
                        + 1} and o.fields & ?5
                        )
                        """
                    )
                )
        );
        return $"""
            select n.word, n.customer_id, n.fields & ?5{all} and not exists (
                select 1 from customer_name as e where e.customer_id = n.customer_id
                    and e.word >= ?1 and e.word < n.word and e.fields & ?5
            )
            from customer_name as n
            where (n.word, n.customer_id) > (?3, ?4) and n.word < ?2
            order by n.word, n.customer_id
            limit ?6
            """;
    }
}
