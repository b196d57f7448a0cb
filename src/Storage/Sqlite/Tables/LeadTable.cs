using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Leads;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The list of leads, over one connection.</summary>
internal sealed partial class LeadTable(SqliteConnection connection)
{
    private SqliteStatement? _upsert;
    private SqliteStatement? _delete;

    public void Upsert(string kind, LeadRow row)
    {
        _upsert ??= connection.Prepare(UpsertSql);
        _upsert
            .Bind(1, row.LeadId)
            .Bind(2, kind)
            .Bind(3, row.CustomerId)
            .Bind(4, row.Stage)
            .Bind(5, row.Status)
            .Bind(6, row.OwnerId)
            .Bind(7, row.Queue)
            .Bind(8, StorageTime.ToMicroseconds(row.CreatedAt))
            .Bind(10, row.IsOpen ? 1 : 0);
        BindTime(_upsert, 9, row.DueAt);
        _upsert.Run();
    }

    /// <summary>Removes the row that a state of this kind and key has, if it has one.</summary>
    public void Delete(string kind, string key)
    {
        _delete ??= connection.Prepare(DeleteSql);
        _delete.Bind(1, key).Bind(2, kind).Run();
    }

    public ImmutableArray<LeadRow> Read(LeadQuery query)
    {
        using SqliteStatement read = connection.PrepareOnce(ReadSql(query));
        read.Bind(LeadPageSql.Stage, query.Stage)
            .Bind(LeadPageSql.Status, query.Status)
            .Bind(LeadPageSql.Owner, query.OwnerId)
            .Bind(LeadPageSql.Queue, query.Queue)
            .Bind(LeadPageSql.Customer, query.CustomerId)
            .Bind(LeadPageSql.AfterId, query.After?.LeadId)
            .Bind(LeadPageSql.Limit, query.Limit);
        BindTime(read, LeadPageSql.DueBy, query.DueBy);
        BindTime(read, LeadPageSql.AfterTime, query.After?.CreatedAt);
        if (query.CreatedFrom is { } from)
        {
            read.Bind(LeadPageSql.CreatedFrom, StorageTime.ToMicrosecondsUp(from));
        }

        var rows = ImmutableArray.CreateBuilder<LeadRow>();
        while (read.Step())
        {
            rows.Add(ReadRow(read));
        }

        return rows.DrainToImmutable();
    }

    private static void BindTime(SqliteStatement statement, int parameter, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            statement.Bind(parameter, StorageTime.ToMicroseconds(at));
        }
        else
        {
            statement.Bind(parameter, null);
        }
    }

    private static LeadRow ReadRow(SqliteStatement row) =>
        new(
            row.Text(0),
            row.Text(1),
            row.Text(2),
            row.Text(3),
            row.IsNull(4) ? null : row.Text(4),
            row.IsNull(5) ? null : row.Text(5),
            StorageTime.FromMicroseconds(row.Int64(6)),
            row.IsNull(7) ? null : StorageTime.FromMicroseconds(row.Int64(7)),
            row.Int64(8) == 1
        );
}
