using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Storage.Leads;

namespace Customer360.Storage.Postgres.Tables;

internal static partial class LeadTable
{
    /// <summary>How many parameters <see cref="AddRow"/> adds.</summary>
    public const int RowParameters = 9;

    /// <summary>
    /// What writes the row of a state that was written, as a part of a <c>with</c> behind <c>written</c>, which has its key. A lead's
    /// state is written more often than what lists show of it: a row that stays the same is not written.
    /// </summary>
    /// <param name="first">The number of the first of the row's parameters (<see cref="AddRow"/>).</param>
    public static string ListedSql(int first) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            listed as (
                insert into lead as l (
                    lead_id, kind, customer_id, stage, status, owner_id, queue, created_at, due_at, is_open
                )
                select key, ${first}, ${first + 1}, ${first + 2}, ${first + 3}, ${first + 4}, ${first + 5}, ${first
                + 6},
                    ${first + 7}, ${first + 8}
                from written
                on conflict (lead_id) do update set
                    kind = excluded.kind, customer_id = excluded.customer_id, stage = excluded.stage,
                    status = excluded.status, owner_id = excluded.owner_id, queue = excluded.queue,
                    created_at = excluded.created_at, due_at = excluded.due_at, is_open = excluded.is_open
                where (
                    l.kind, l.customer_id, l.stage, l.status, l.owner_id, l.queue, l.created_at, l.due_at, l.is_open
                ) is distinct from (
                    excluded.kind, excluded.customer_id, excluded.stage, excluded.status, excluded.owner_id,
                    excluded.queue, excluded.created_at, excluded.due_at, excluded.is_open
                )
            )
            """
        );

    /// <summary>What removes the rows of states, as a part of a <c>with</c> behind the part that answers their keys.</summary>
    /// <param name="states">The name of that part.</param>
    /// <param name="kind">The kind of the states: a parameter, or a constant in quotes.</param>
    public static string UnlistedSql(string states, string kind) =>
        $"""
            unlisted as (
                delete from lead as l using {states} as s where l.lead_id = s.key and l.kind = {kind}
            )
            """;

    // PostgreSQL takes an index that has a condition only for a statement that has the condition, too: this is how it is told which.
    // The index of due_at has none, and is the only one that is left then.
    public static string ReadSql(LeadQuery query) =>
        LeadPageSql.Of(
            query,
            '$',
            "lead",
            LeadPageSql.IndexedColumnOf(query) switch
            {
                "due_at" => "",
                "created_at" => " and lead_id <> ''",
                string column => $" and {column} <> ''",
            }
        );
}
