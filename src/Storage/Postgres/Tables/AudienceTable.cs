using System.Globalization;
using Customer360.Rules.Ports;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The members of audiences. A customer's rows are written by the step of its state (<see cref="StateTable"/>).</summary>
internal static class AudienceTable
{
    /// <summary>How many <see cref="AddRows"/> adds.</summary>
    public const int RowParameters = 3;

    private static readonly string s_changesKept = string.Create(
        CultureInfo.InvariantCulture,
        $"{IAudienceList.ChangesKept.TotalHours} hours"
    );

    private const string ReadSql = """
        select audience, customer_id, since, is_held_out from audience_member
        where audience = $1 and customer_id > $2 and left_at is null
        order by customer_id
        limit $3
        """;

    private const string SizesSql = """
        select audience, count(*), count(*) filter (where is_held_out) from audience_member
        where left_at is null
        group by audience
        order by audience
        """;

    private const string BothSql = """
        select count(*) from audience_member as one
        join audience_member as other
            on other.customer_id = one.customer_id and other.audience = $2 and other.left_at is null
        where one.audience = $1 and one.left_at is null
        """;

    // Several connections write, and a transaction with a smaller id may end after one with a greater. Below the oldest that is under way
    // nothing is added any more, so it is read up to there.
    private const string ChangesSql = """
        select changed, customer_id, since, is_held_out, left_at from audience_member
        where audience = $1 and changed > 0 and (changed, customer_id) > ($2, $3)
            and changed < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        order by changed, customer_id
        limit $4
        """;

    private const string LastChangeSql = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1";

    public static NpgsqlBatchCommand Read(string audience, string after, int limit)
    {
        NpgsqlBatchCommand command = new(ReadSql);
        command.Parameters.AddText(audience);
        command.Parameters.AddText(after);
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static AudienceRow ReadRow(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), PostgresTime.Read(reader.GetDateTime(2)), reader.GetBoolean(3));

    public static NpgsqlBatchCommand ReadSizes() => new(SizesSql);

    public static AudienceSize ReadSize(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));

    public static NpgsqlBatchCommand CountBoth(string one, string other)
    {
        NpgsqlBatchCommand command = new(BothSql);
        command.Parameters.AddText(one);
        command.Parameters.AddText(other);
        return command;
    }

    public static NpgsqlBatchCommand ReadChanges(string audience, AudienceChangePlace after, int limit)
    {
        NpgsqlBatchCommand command = new(ChangesSql);
        command.Parameters.AddText(audience);
        command.Parameters.AddBigint(after.Number);
        command.Parameters.AddText(after.CustomerId);
        command.Parameters.AddInteger(limit);
        return command;
    }

    public static AudienceChangeRow ReadChange(NpgsqlDataReader reader)
    {
        bool isMember = reader.IsDBNull(4);
        return new AudienceChangeRow(
            new AudienceChangePlace(reader.GetInt64(0), reader.GetString(1)),
            isMember,
            PostgresTime.Read(reader.GetDateTime(isMember ? 2 : 4)),
            reader.GetBoolean(3)
        );
    }

    public static NpgsqlBatchCommand ReadLastChange() => new(LastChangeSql);

    /// <summary>
    /// What writes the rows of a customer whose state was written, as parts of a <c>with</c> behind <c>written</c>, which has its key: those
    /// that it has no more go, and who stays a member keeps her row.
    /// </summary>
    /// <param name="first">The number of the first of the parameters (<see cref="AddRows"/>).</param>
    public static string ReplacedSql(int first) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            gone as (
                update audience_member as m
                set changed = pg_current_xact_id()::text::bigint, left_at = now()
                from written as w
                where m.customer_id = w.key and m.left_at is null and m.audience <> all (${first})
                returning m.customer_id
            ),
            forgotten as (
                -- Whoever leaves takes a few along that have left long ago: so no job is needed, and no more stay than leave in a week.
                delete from audience_member as m
                where (m.audience, m.customer_id) in (
                    select o.audience, o.customer_id from audience_member as o
                    where o.left_at < now() - interval '{s_changesKept}'
                        and exists (select from gone) and o.customer_id not in (select key from written)
                    order by o.left_at
                    limit 4
                    for update skip locked
                )
            ),
            members as (
                insert into audience_member as m (audience, customer_id, since, is_held_out, changed)
                select i.audience, w.key, i.since, i.is_held_out, pg_current_xact_id()::text::bigint
                from written as w cross join unnest(${first}, ${first + 1}, ${first
                + 2}) as i (audience, since, is_held_out)
                on conflict (audience, customer_id) do update set
                    since = excluded.since,
                    is_held_out = excluded.is_held_out,
                    changed = case when m.left_at is null then m.changed else excluded.changed end,
                    left_at = null
                where (m.since, m.is_held_out, m.left_at) is distinct from (excluded.since, excluded.is_held_out, null)
            )
            """
        );

    /// <summary>The parameters of <see cref="ReplacedSql"/>.</summary>
    public static void AddRows(NpgsqlParameterCollection parameters, AudienceListing listing)
    {
        parameters.AddTexts([.. listing.Rows.Select(row => row.Audience)]);
        parameters.AddTimes([.. listing.Rows.Select(row => PostgresTime.Store(row.Since))]);
        parameters.AddBooleans([.. listing.Rows.Select(row => row.IsHeldOut)]);
    }
}
