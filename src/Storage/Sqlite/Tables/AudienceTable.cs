using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The members of audiences, over one connection.</summary>
internal sealed partial class AudienceTable(SqliteConnection connection)
{
    private SqliteStatement? _upsert;
    private SqliteStatement? _names;
    private SqliteStatement? _delete;

    /// <summary>The customer is in these audiences from now on, and in no other.</summary>
    public void Replace(string customerId, ImmutableArray<AudienceRow> rows)
    {
        _names ??= connection.Prepare(NamesSql);
        _names.Bind(1, customerId);
        List<string> gone = [];
        while (_names.Step())
        {
            string audience = _names.Text(0);
            if (!rows.Any(row => row.Audience == audience))
            {
                gone.Add(audience);
            }
        }

        _names.Reset();
        foreach (string audience in gone)
        {
            _delete ??= connection.Prepare(DeleteSql);
            _delete.Bind(1, customerId).Bind(2, audience).Run();
        }

        foreach (AudienceRow row in rows)
        {
            _upsert ??= connection.Prepare(UpsertSql);
            _upsert
                .Bind(1, row.Audience)
                .Bind(2, customerId)
                .Bind(3, StorageTime.ToMicroseconds(row.Since))
                .Bind(4, row.IsHeldOut ? 1 : 0)
                .Run();
        }
    }

    public ImmutableArray<AudienceRow> Read(string audience, string after, int limit)
    {
        using SqliteStatement read = connection.PrepareOnce(ReadSql);
        read.Bind(1, audience).Bind(2, after).Bind(3, limit);
        var rows = ImmutableArray.CreateBuilder<AudienceRow>();
        while (read.Step())
        {
            rows.Add(
                new AudienceRow(
                    read.Text(0),
                    read.Text(1),
                    StorageTime.FromMicroseconds(read.Int64(2)),
                    read.Int64(3) == 1
                )
            );
        }

        return rows.DrainToImmutable();
    }

    public ImmutableArray<AudienceSize> ReadSizes()
    {
        using SqliteStatement read = connection.PrepareOnce(SizesSql);
        var sizes = ImmutableArray.CreateBuilder<AudienceSize>();
        while (read.Step())
        {
            sizes.Add(new AudienceSize(read.Text(0), read.Int64(1), read.Int64(2)));
        }

        return sizes.DrainToImmutable();
    }

    public long CountBoth(string one, string other)
    {
        using SqliteStatement read = connection.PrepareOnce(BothSql);
        read.Bind(1, one).Bind(2, other);
        return read.Step() ? read.Int64(0) : 0;
    }
}
