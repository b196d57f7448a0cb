using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Storage.Work;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The audit log, over one connection.</summary>
internal sealed partial class AuditTable(SqliteConnection connection)
{
    public const string Name = "audit";

    private readonly AuditChains _chains = new();
    private bool _knowsHeads;
    private SqliteStatement? _insert;
    private SqliteStatement? _known;
    private SqliteStatement? _readBack;
    private SqliteStatement? _readChainBack;
    private SqliteStatement? _readOn;

    /// <summary>Adds a record to its chain. One that is there already is left out, except that of a decision.</summary>
    public void Append(AuditWrite write)
    {
        if (!write.IsOfDecision && Knows(write.Id))
        {
            return;
        }

        if (!_knowsHeads)
        {
            _chains.Set(ReadHead());
            _knowsHeads = true;
        }

        AuditChainHead place = _chains.Add(write.Chain, write.Record);
        _insert ??= connection.Prepare(InsertSql);
        _insert
            .Bind(1, place.Chain)
            .Bind(2, place.Size)
            .BindBlob(3, place.Hash.AsSpan())
            .Bind(4, write.IsOfDecision ? 1 : 0)
            .BindText(5, write.Record)
            .Run();
    }

    public void Append(ImmutableArray<AuditWrite> writes)
    {
        foreach (AuditWrite write in writes)
        {
            Append(write);
        }
    }

    /// <summary>Forgets what a transaction that is rolled back has added.</summary>
    public void Rollback() => _knowsHeads = false;

    /// <summary>The newest records before a place, the newest first.</summary>
    public ImmutableArray<AuditRow> ReadBack(int? chain, long before, int limit)
    {
        SqliteStatement read = chain is { } one
            ? (_readChainBack ??= connection.Prepare(ReadChainBackSql)).Bind(3, one)
            : _readBack ??= connection.Prepare(ReadBackSql);
        return Read(read.Bind(1, before).Bind(2, limit));
    }

    /// <summary>Records behind a place, in the order of writing.</summary>
    public ImmutableArray<AuditRow> ReadOn(long after, int limit) =>
        Read((_readOn ??= connection.Prepare(ReadOnSql)).Bind(1, after).Bind(2, limit));

    public AuditHead ReadHead()
    {
        using SqliteStatement read = connection.PrepareOnce(HeadsSql);
        List<AuditChainHead> heads = [];
        while (read.Step())
        {
            heads.Add(new AuditChainHead(read.Int32(0), read.Int64(1), [.. read.Bytes(2)]));
        }

        return AuditHead.Of(heads);
    }

    private bool Knows(string id)
    {
        _known ??= connection.Prepare(KnownSql);
        bool found = _known.Bind(1, id).Step();
        _known.Reset();
        return found;
    }

    private static ImmutableArray<AuditRow> Read(SqliteStatement read)
    {
        var rows = ImmutableArray.CreateBuilder<AuditRow>();
        while (read.Step())
        {
            rows.Add(
                new AuditRow(read.Int64(0), read.Int32(1), read.Int64(2), [.. read.Bytes(3)], read.Bytes(4).ToArray())
            );
        }

        read.Reset();
        return rows.DrainToImmutable();
    }
}
