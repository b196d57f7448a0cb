using Customer360.Rules.Ports;
using Npgsql;

namespace Customer360.Storage.Postgres.Tables;

/// <summary>The list of leads. Its rows are written by the steps of their states (<see cref="StateTable"/>).</summary>
internal static partial class LeadTable
{
    public static NpgsqlBatchCommand Read(LeadQuery query)
    {
        NpgsqlBatchCommand command = new(ReadSql(query));

        // A parameter that the statement does not have is sent all the same, so that the numbers stay.
        command.Parameters.AddText(query.Stage ?? "");
        command.Parameters.AddText(query.Status ?? "");
        command.Parameters.AddText(query.OwnerId ?? "");
        command.Parameters.AddText(query.Queue ?? "");
        command.Parameters.AddText(query.CustomerId ?? "");
        command.Parameters.AddTime(PostgresTime.Store(query.DueBy ?? default));
        command.Parameters.AddTime(PostgresTime.Bound(query.CreatedFrom ?? default));
        command.Parameters.AddTime(PostgresTime.Store(query.After?.CreatedAt ?? default));
        command.Parameters.AddText(query.After?.LeadId ?? "");
        command.Parameters.AddInteger(query.Limit);
        return command;
    }

    public static LeadRow ReadRow(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetString(4),
            reader.IsDBNull(5) ? null : reader.GetString(5),
            PostgresTime.Read(reader.GetDateTime(6)),
            reader.IsDBNull(7) ? null : PostgresTime.Read(reader.GetDateTime(7)),
            reader.GetBoolean(8)
        );

    /// <summary>The parameters of <see cref="ListedSql"/>.</summary>
    public static void AddRow(NpgsqlParameterCollection parameters, string kind, LeadRow row)
    {
        parameters.AddText(kind);
        parameters.AddText(row.CustomerId);
        parameters.AddText(row.Stage);
        parameters.AddText(row.Status);
        parameters.AddTextIfAny(row.OwnerId);
        parameters.AddTextIfAny(row.Queue);
        parameters.AddTime(PostgresTime.Store(row.CreatedAt));
        parameters.AddTimeIfAny(row.DueAt is { } due ? PostgresTime.Store(due) : null);
        parameters.AddBoolean(row.IsOpen);
    }
}
