using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The decision log, over one connection.</summary>
internal sealed partial class DecisionTable(SqliteConnection connection)
{
    private SqliteStatement? _insert;
    private SqliteStatement? _find;
    private SqliteStatement? _read;

    /// <summary>False where there is one with this id, which stays as it is.</summary>
    public bool Insert(DecisionRecord decision)
    {
        _insert ??= connection.Prepare(InsertSql);
        return _insert
                .Bind(1, decision.Id)
                .Bind(2, decision.Kind)
                .Bind(3, decision.CustomerId)
                .Bind(4, decision.OtherCustomerId)
                .Bind(5, StorageTime.ToMicroseconds(decision.At))
                .BindText(6, decision.Payload.Span)
                .Run() == 1;
    }

    public DecisionRecord? Find(string id)
    {
        _find ??= connection.Prepare(FindSql);
        _find.Bind(1, id);
        DecisionRecord? found = _find.Step() ? ReadRow(_find) : null;
        _find.Reset();
        return found;
    }

    public ImmutableArray<DecisionRecord> Read(string customerId, DecisionCursor? after, int limit)
    {
        _read ??= connection.Prepare(ReadSql);
        _read
            .Bind(1, customerId)
            .Bind(2, after is null ? long.MinValue : StorageTime.ToMicroseconds(after.At))
            .Bind(3, after?.Id ?? "")
            .Bind(4, limit);
        ImmutableArray<DecisionRecord>.Builder decisions = ImmutableArray.CreateBuilder<DecisionRecord>();
        while (_read.Step())
        {
            decisions.Add(ReadRow(_read));
        }

        _read.Reset();
        return decisions.DrainToImmutable();
    }

    /// <summary>A page of all decisions in the order in which they were stored, and where the next one goes on.</summary>
    public (List<DecisionRecord> Page, long Last) ReadPage(long afterSequence, int limit)
    {
        using SqliteStatement page = connection.PrepareOnce(PageSql);
        page.Bind(1, afterSequence).Bind(2, limit);
        List<DecisionRecord> decisions = new(limit);
        long last = afterSequence;
        while (page.Step())
        {
            decisions.Add(ReadRow(page));
            last = page.Int64(6);
        }

        return (decisions, last);
    }

    public void Delete(string id)
    {
        using SqliteStatement delete = connection.PrepareOnce(DeleteSql);
        delete.Bind(1, id).Run();
    }

    public void Update(DecisionRecord decision)
    {
        using SqliteStatement update = connection.PrepareOnce(UpdateSql);
        update.Bind(1, decision.Id).BindText(2, decision.Payload.Span).Run();
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
