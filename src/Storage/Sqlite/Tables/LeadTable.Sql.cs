using Customer360.Rules.Ports;
using Customer360.Storage.Leads;

namespace Customer360.Storage.Sqlite.Tables;

internal sealed partial class LeadTable
{
    // A lead's state is written more often than what lists show of it: a row that stays the same is not written.
    private const string UpsertSql = """
        insert into lead (lead_id, kind, customer_id, stage, status, owner_id, queue, created_at, due_at, is_open)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        on conflict (lead_id) do update set
            kind = excluded.kind, customer_id = excluded.customer_id, stage = excluded.stage, status = excluded.status,
            owner_id = excluded.owner_id, queue = excluded.queue, created_at = excluded.created_at,
            due_at = excluded.due_at, is_open = excluded.is_open
        where (kind, customer_id, stage, status, owner_id, queue, created_at, due_at, is_open) is not (
            excluded.kind, excluded.customer_id, excluded.stage, excluded.status, excluded.owner_id, excluded.queue,
            excluded.created_at, excluded.due_at, excluded.is_open
        )
        """;

    private const string DeleteSql = "delete from lead where lead_id = ?1 and kind = ?2";

    public static string ReadSql(LeadQuery query) =>
        LeadPageSql.Of(query, '?', $"lead indexed by lead_by_{LeadPageSql.IndexedColumnOf(query)}", condition: "");
}
