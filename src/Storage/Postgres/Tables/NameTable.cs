using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Storage.Ports;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The words of people's names. A customer's rows are written by the step of its state (<see cref="StateTable"/>).</summary>
internal static class NameTable
{
    /// <summary>How many <see cref="AddRows"/> adds.</summary>
    public const int RowParameters = 2;

    private const int FirstOfOthers = 7;

    private const string CountSql = """
        select (select count(*) from (
            select 1 from customer_name where word >= w.word and word < w.until limit $3
        ) as counted)::integer
        from unnest($1, $2) with ordinality as w (word, until, place)
        order by w.place
        """;

    private const string OwedSql = "select exists (select from customer_name_backfill)";

    public static NpgsqlBatchCommand Count(ImmutableArray<string> words, int limit)
    {
        NpgsqlBatchCommand command = new(CountSql);
        command.Parameters.AddTexts([.. words]);
        command.Parameters.AddTexts([.. words.Select(NameList.EndOf)]);
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static NpgsqlBatchCommand ReadOwed() => new(OwedSql);

    /// <summary>The rows that are looked at, and of each whether it is meant. A customer is meant once: under the first of its words.</summary>
    public static NpgsqlBatchCommand Look(NameLook look)
    {
        NpgsqlBatchCommand command = new(LookSql(look.Others.Length));
        command.Parameters.AddText(look.Lead);
        command.Parameters.AddText(NameList.EndOf(look.Lead));
        command.Parameters.AddText(look.After?.Word ?? look.Lead);
        command.Parameters.AddText(look.After?.CustomerId ?? "");
        command.Parameters.AddInteger(look.Fields);
        command.Parameters.AddInteger(look.LookedAt);
        foreach (string other in look.Others)
        {
            command.Parameters.AddText(other);
            command.Parameters.AddText(NameList.EndOf(other));
        }

        return command;
    }

    public static (NamePlace Place, bool IsMeant) ReadRow(NpgsqlDataReader reader) =>
        (new NamePlace(reader.GetString(0), reader.GetString(1)), reader.GetBoolean(2));

    /// <summary>
    /// What writes the words of a customer whose state was written, as parts of a <c>with</c> behind <c>written</c>, which has its key: those
    /// that it has no more go.
    /// </summary>
    /// <param name="first">The number of the first of the parameters (<see cref="AddRows"/>).</param>
    public static string ReplacedSql(int first) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            unnamed as (
                delete from customer_name as n using written as w
                where n.customer_id = w.key and n.word <> all (${first})
            ),
            named as (
                insert into customer_name as n (word, customer_id, fields)
                select i.word, w.key, i.fields
                from written as w cross join unnest(${first}, ${first + 1}) as i (word, fields)
                on conflict (word, customer_id) do update set fields = excluded.fields where n.fields <> excluded.fields
            )
            """
        );

    /// <summary>The parameters of <see cref="ReplacedSql"/>.</summary>
    public static void AddRows(NpgsqlParameterCollection parameters, NameListing listing)
    {
        parameters.AddTexts([.. listing.Rows.Select(row => row.Word)]);
        parameters.AddIntegers([.. listing.Rows.Select(row => row.Fields)]);
    }

    // A question of its own for each row: of an "exists" the planner may make a list of all that have the word, which are many.
    private static string LookSql(int others)
    {
        string all = string.Concat(
            Enumerable
                .Range(0, others)
                .Select(index =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"""

                         and (
                            select true from customer_name as o where o.customer_id = n.customer_id
                                and o.word >= ${FirstOfOthers + (2 * index)} and o.word < ${FirstOfOthers
                        + (2 * index)
                        + 1} and o.fields & $5 <> 0
                            limit 1
                        ) is not null
                        """
                    )
                )
        );
        return $"""
            select n.word, n.customer_id, n.fields & $5 <> 0{all} and not exists (
                select from customer_name as e where e.customer_id = n.customer_id
                    and e.word >= $1 and e.word < n.word and e.fields & $5 <> 0
            )
            from customer_name as n
            where (n.word, n.customer_id) > ($3, $4) and n.word < $2
            order by n.word, n.customer_id
            limit $6
            """;
    }
}
