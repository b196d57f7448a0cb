using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The decision log, over one connection.</summary>
internal sealed partial class DecisionTable(SqliteConnection connection)
{
    private SqliteStatement? insert;
    private SqliteStatement? find;
    private SqliteStatement? read;

    public void Insert(DecisionRecord decision)
    {
        insert ??= connection.Prepare(InsertSql);
        insert
            .Bind(1, decision.Id)
            .Bind(2, decision.Kind)
            .Bind(3, decision.CustomerId)
            .Bind(4, decision.OtherCustomerId)
            .Bind(5, StorageTime.ToMicroseconds(decision.At))
            .BindText(6, decision.Payload.Span)
            .Run();
    }

    public DecisionRecord? Find(string id)
    {
        find ??= connection.Prepare(FindSql);
        find.Bind(1, id);
        DecisionRecord? found = find.Step() ? ReadRow(find) : null;
        find.Reset();
        return found;
    }

    public ImmutableArray<DecisionRecord> Read(string customerId, DecisionCursor? after, int limit)
    {
        read ??= connection.Prepare(ReadSql);
        read.Bind(1, customerId)
            .Bind(2, after is null ? long.MinValue : StorageTime.ToMicroseconds(after.At))
            .Bind(3, after?.Id ?? "")
            .Bind(4, limit);
        ImmutableArray<DecisionRecord>.Builder decisions = ImmutableArray.CreateBuilder<DecisionRecord>();
        while (read.Step())
        {
            decisions.Add(ReadRow(read));
        }

        read.Reset();
        return decisions.DrainToImmutable();
    }

    private static DecisionRecord ReadRow(SqliteStatement row) =>
        new(
            row.Text(0),
            row.Text(1),
            row.Text(2),
            row.IsNull(3) ? null : row.Text(3),
            StorageTime.FromMicroseconds(row.Int64(4)),
            row.Bytes(5).ToArray()
        );
}
