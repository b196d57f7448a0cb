using System.Runtime.InteropServices;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>A sorted run of index entries. Runs of a higher level are larger.</summary>
internal sealed record LogRun(long Run, int Level, long Entries);

internal enum RunState
{
    BeingWritten = 0,
    InUse = 1,
    ToBeRemoved = 2,
}

/// <summary>The tables of the sorted runs, over one connection.</summary>
internal sealed partial class RunTables(SqliteConnection connection)
{
    /// <summary>Entries of one block: as many as fit on a page of 4 KiB beside its header, and two blocks on one of 8 KiB.</summary>
    public const int MessageBlockEntries = 4_000 / 16;

    /// <summary>Entries of one block: as many as fit on a page of 4 KiB beside its header, and two blocks on one of 8 KiB.</summary>
    public const int AnchorBlockEntries = 4_000 / 24;

    private const int FilterPieceBytes = 64 * 1024;

    private SqliteStatement? _messageBlockBefore;
    private SqliteStatement? _messageBlocks;
    private SqliteStatement? _messageBlockPage;
    private SqliteStatement? _anchorBlockBefore;
    private SqliteStatement? _anchorBlockAtOrBefore;
    private SqliteStatement? _anchorBlocks;
    private SqliteStatement? _anchorBlocksDescending;
    private SqliteStatement? _anchorBlockPage;
    private SqliteStatement? _runs;
    private SqliteStatement? _insertRun;
    private SqliteStatement? _insertMessageBlock;
    private SqliteStatement? _insertAnchorBlock;
    private SqliteStatement? _insertFilterPiece;

    /// <summary>The id of a run's block; the blocks of a run are numbered from 0.</summary>
    public static long BlockId(long run, long number) => (run << 32) | number;

    public long InsertRun(int level, RunState state, long entries)
    {
        _insertRun ??= connection.Prepare(InsertRunSql);
        _insertRun.Bind(1, level).Bind(2, (long)state).Bind(3, entries).Step();
        long run = _insertRun.Int64(0);
        _insertRun.Reset();
        return run;
    }

    public void SetRunState(long run, RunState state)
    {
        using SqliteStatement statement = connection.PrepareOnce(SetRunStateSql);
        statement.Bind(1, run).Bind(2, (long)state).Run();
    }

    /// <summary>Removes what was being written when the process ended: merges start again from their inputs.</summary>
    public void AbandonUnfinished() => connection.Execute(AbandonUnfinishedSql);

    public List<LogRun> ReadRuns(RunState state)
    {
        _runs ??= connection.Prepare(RunsSql);
        _runs.Bind(1, (long)state);
        List<LogRun> found = [];
        while (_runs.Step())
        {
            found.Add(new LogRun(_runs.Int64(0), _runs.Int32(1), _runs.Int64(2)));
        }

        _runs.Reset();
        return found;
    }

    public void InsertMessageBlock(long run, long number, ReadOnlySpan<MessageEntry> entries)
    {
        _insertMessageBlock ??= connection.Prepare(InsertMessageBlockSql);
        _insertMessageBlock
            .Bind(1, BlockId(run, number))
            .Bind(2, entries[0].Hash)
            .BindBlob(3, MemoryMarshal.AsBytes(entries))
            .Run();
    }

    public void InsertAnchorBlock(long run, long number, ReadOnlySpan<AnchorEntry> entries)
    {
        _insertAnchorBlock ??= connection.Prepare(InsertAnchorBlockSql);
        _insertAnchorBlock
            .Bind(1, BlockId(run, number))
            .Bind(2, entries[0].Hash)
            .Bind(3, entries[0].Time)
            .BindBlob(4, MemoryMarshal.AsBytes(entries))
            .Run();
    }

    /// <summary>Writes one piece of a filter; false where that was the last one.</summary>
    public bool InsertFilterPiece(long run, int number, RunFilter filter)
    {
        _insertFilterPiece ??= connection.Prepare(InsertFilterPieceSql);
        ReadOnlySpan<byte> rest = filter.Bytes[(number * FilterPieceBytes)..];
        ReadOnlySpan<byte> piece = rest[..Math.Min(rest.Length, FilterPieceBytes)];
        _insertFilterPiece.Bind(1, BlockId(run, number)).BindBlob(2, piece).Run();
        return rest.Length > FilterPieceBytes;
    }

    public RunFilter ReadFilter(LogRun run)
    {
        RunFilter filter = new(run.Entries);
        using SqliteStatement statement = connection.PrepareOnce(FilterPiecesSql);
        statement.Bind(1, BlockId(run.Run, 0)).Bind(2, BlockId(run.Run + 1, 0));
        Span<byte> rest = filter.Bytes;
        while (statement.Step())
        {
            ReadOnlySpan<byte> piece = statement.Bytes(0);
            piece.CopyTo(rest);
            rest = rest[piece.Length..];
        }

        return rest.IsEmpty ? filter : throw new InvalidDataException("A run's filter is not complete.");
    }

    /// <summary>Removes blocks of a run, a bounded number at a time; false where none are left.</summary>
    public bool RemoveBlocks(long run, int countMax)
    {
        foreach (string sql in s_removeBlocksSql)
        {
            using SqliteStatement statement = connection.PrepareOnce(sql);
            statement.Bind(1, BlockId(run, 0)).Bind(2, BlockId(run + 1, 0)).Bind(3, countMax);
            if (statement.Run() > 0)
            {
                return true;
            }
        }

        return false;
    }

    public void DeleteRun(long run)
    {
        using SqliteStatement statement = connection.PrepareOnce(DeleteRunSql);
        statement.Bind(1, run).Run();
    }

    /// <summary>Finds the rows whose message has this hash, in one run.</summary>
    public void FindMessage(long run, long hash, List<long> ids)
    {
        _messageBlockBefore ??= connection.Prepare(MessageBlockBeforeSql);
        _messageBlockBefore.Bind(1, run).Bind(2, hash);
        long start = _messageBlockBefore.Step() ? _messageBlockBefore.Int64(0) : BlockId(run, 0);
        _messageBlockBefore.Reset();

        _messageBlocks ??= connection.Prepare(MessageBlocksSql);
        _messageBlocks.Bind(1, start).Bind(2, BlockId(run + 1, 0));
        MessageEntry sought = new(hash, long.MinValue);
        while (_messageBlocks.Step() && _messageBlocks.Int64(0) <= hash)
        {
            ReadOnlySpan<MessageEntry> entries = MemoryMarshal.Cast<byte, MessageEntry>(_messageBlocks.Bytes(1));
            for (int index = LowerBound(entries, sought); index < entries.Length; index++)
            {
                if (entries[index].Hash != hash)
                {
                    break;
                }

                ids.Add(entries[index].Id);
            }
        }

        _messageBlocks.Reset();
    }

    /// <summary>Hands an anchor's entries of one run to the collector, in the order and range that it wants.</summary>
    public void CollectAnchor(long run, long hash, EntryCollector collector)
    {
        if (collector.Descending)
        {
            CollectDescending(run, hash, collector);
        }
        else
        {
            CollectAscending(run, hash, collector);
        }
    }

    /// <summary>Reads the next blocks of a run for a merge. A long read would keep the write-ahead log from restarting, so it is short.</summary>
    public long ReadMessageBlocks(long startId, long run, int countMax, List<MessageEntry> into)
    {
        _messageBlockPage ??= connection.Prepare(MessageBlockPageSql);
        return ReadBlocks(_messageBlockPage, startId, run, countMax, into);
    }

    /// <summary>The next blocks of a run, for a merge.</summary>
    public long ReadAnchorBlocks(long startId, long run, int countMax, List<AnchorEntry> into)
    {
        _anchorBlockPage ??= connection.Prepare(AnchorBlockPageSql);
        return ReadBlocks(_anchorBlockPage, startId, run, countMax, into);
    }

    private static long ReadBlocks<TEntry>(
        SqliteStatement statement,
        long startId,
        long run,
        int countMax,
        List<TEntry> into
    )
        where TEntry : unmanaged
    {
        long next = startId;
        statement.Bind(1, startId).Bind(2, BlockId(run + 1, 0)).Bind(3, countMax);
        while (statement.Step())
        {
            next = statement.Int64(0) + 1;
            into.AddRange(MemoryMarshal.Cast<byte, TEntry>(statement.Bytes(1)));
        }

        statement.Reset();
        return next;
    }

    private void CollectAscending(long run, long hash, EntryCollector collector)
    {
        AnchorEntry first = collector.FirstOf(hash);
        _anchorBlockBefore ??= connection.Prepare(AnchorBlockBeforeSql);
        _anchorBlockBefore.Bind(1, run).Bind(2, hash).Bind(3, first.Time);
        long start = _anchorBlockBefore.Step() ? _anchorBlockBefore.Int64(0) : BlockId(run, 0);
        _anchorBlockBefore.Reset();

        _anchorBlocks ??= connection.Prepare(AnchorBlocksSql);
        _anchorBlocks.Bind(1, start).Bind(2, BlockId(run + 1, 0));
        bool more = true;
        int taken = 0;
        while (more && _anchorBlocks.Step())
        {
            ReadOnlySpan<AnchorEntry> entries = MemoryMarshal.Cast<byte, AnchorEntry>(_anchorBlocks.Bytes(0));
            for (int index = LowerBound(entries, first); more && index < entries.Length; index++)
            {
                more = entries[index].Hash == hash && collector.Offer(entries[index], ref taken);
            }
        }

        _anchorBlocks.Reset();
    }

    private void CollectDescending(long run, long hash, EntryCollector collector)
    {
        AnchorEntry last = collector.LastOf(hash);
        _anchorBlockAtOrBefore ??= connection.Prepare(AnchorBlockAtOrBeforeSql);
        _anchorBlockAtOrBefore.Bind(1, run).Bind(2, hash).Bind(3, last.Time);
        bool found = _anchorBlockAtOrBefore.Step();
        long end = found ? _anchorBlockAtOrBefore.Int64(0) : 0;
        _anchorBlockAtOrBefore.Reset();
        if (!found)
        {
            return;
        }

        _anchorBlocksDescending ??= connection.Prepare(AnchorBlocksDescendingSql);
        _anchorBlocksDescending.Bind(1, BlockId(run, 0)).Bind(2, end);
        bool more = true;
        int taken = 0;
        while (more && _anchorBlocksDescending.Step())
        {
            ReadOnlySpan<AnchorEntry> entries = MemoryMarshal.Cast<byte, AnchorEntry>(_anchorBlocksDescending.Bytes(0));
            for (int index = LowerBound(entries, last) - 1; more && index >= 0; index--)
            {
                more = entries[index].Hash == hash && collector.Offer(entries[index], ref taken);
            }
        }

        _anchorBlocksDescending.Reset();
    }

    /// <summary>The index of the first entry that is not below <paramref name="sought"/>.</summary>
    private static int LowerBound<TEntry>(ReadOnlySpan<TEntry> entries, TEntry sought)
        where TEntry : IComparable<TEntry>
    {
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (entries[middle].CompareTo(sought) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
