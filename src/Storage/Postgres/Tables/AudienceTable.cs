using System.Globalization;
using Customer360.Rules.Ports;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The members of audiences. A customer's rows are written by the step of its state (<see cref="StateTable"/>).</summary>
internal static class AudienceTable
{
    /// <summary>How many <see cref="AddRows"/> adds.</summary>
    public const int RowParameters = 3;

    private const string ReadSql = """
        select audience, customer_id, since, is_held_out from audience_member
        where audience = $1 and customer_id > $2
        order by customer_id
        limit $3
        """;

    private const string SizesSql = """
        select audience, count(*), count(*) filter (where is_held_out) from audience_member group by audience order by audience
        """;

    private const string BothSql = """
        select count(*) from audience_member as one
        join audience_member as other on other.customer_id = one.customer_id and other.audience = $2
        where one.audience = $1
        """;

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
                delete from audience_member as m using written as w
                where m.customer_id = w.key and m.audience <> all (${first})
            ),
            members as (
                insert into audience_member as m (audience, customer_id, since, is_held_out)
                select i.audience, w.key, i.since, i.is_held_out
                from written as w cross join unnest(${first}, ${first + 1}, ${first
                + 2}) as i (audience, since, is_held_out)
                on conflict (audience, customer_id) do update set
                    since = excluded.since, is_held_out = excluded.is_held_out
                where (m.since, m.is_held_out) is distinct from (excluded.since, excluded.is_held_out)
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
