using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The members of audiences, over one connection.</summary>
internal sealed partial class AudienceTable(SqliteConnection connection)
{
    private SqliteStatement? _upsert;
    private SqliteStatement? _names;
    private SqliteStatement? _next;
    private SqliteStatement? _leave;
    private SqliteStatement? _forget;

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
        long number = Next();
        foreach (string audience in gone)
        {
            _leave ??= connection.Prepare(LeaveSql);
            _leave.Bind(1, customerId).Bind(2, audience).Bind(3, number).Run();
            _forget ??= connection.Prepare(ForgetSql);
            _forget.Bind(1, (long)IAudienceList.ChangesKept.TotalMicroseconds).Run();
        }

        foreach (AudienceRow row in rows)
        {
            _upsert ??= connection.Prepare(UpsertSql);
            _upsert
                .Bind(1, row.Audience)
                .Bind(2, customerId)
                .Bind(3, StorageTime.ToMicroseconds(row.Since))
                .Bind(4, row.IsHeldOut ? 1 : 0)
                .Bind(5, number)
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

    public ImmutableArray<AudienceChangeRow> ReadChanges(string audience, AudienceChangePlace after, int limit)
    {
        using SqliteStatement read = connection.PrepareOnce(ChangesSql);
        read.Bind(1, audience).Bind(2, after.Number).Bind(3, after.CustomerId).Bind(4, limit);
        var rows = ImmutableArray.CreateBuilder<AudienceChangeRow>();
        while (read.Step())
        {
            bool isMember = read.IsNull(4);
            rows.Add(
                new AudienceChangeRow(
                    new AudienceChangePlace(read.Int64(0), read.Text(1)),
                    isMember,
                    StorageTime.FromMicroseconds(read.Int64(isMember ? 2 : 4)),
                    read.Int64(3) == 1
                )
            );
        }

        return rows.DrainToImmutable();
    }

    public long ReadLastChange()
    {
        using SqliteStatement read = connection.PrepareOnce(LastChangeSql);
        return read.Step() ? read.Int64(0) : 0;
    }

    private long Next()
    {
        _next ??= connection.Prepare(NextSql);
        long number = _next.Step() ? _next.Int64(0) : 1;
        _next.Reset();
        return number;
    }
}
