using System.Runtime.InteropServices;

namespace Customer360.Storage.Sqlite.Runs;

/// <summary>Begins a run that a merge will fill; the result is its number.</summary>
internal sealed class BeginRunWork(int level, long entries) : SqliteWork<long>
{
    public override void Execute(SqliteWriter writer) =>
        Result = writer.Runs.InsertRun(level, RunState.BeingWritten, entries);
}

/// <summary>Writes some blocks of message entries of a run.</summary>
internal sealed class MessageBlocksWork(long run, long firstNumber, List<MessageEntry> entries) : SqliteWork<bool>
{
    public override int Rows => (entries.Count / RunTables.MessageBlockEntries) + 1;

    public override long Bytes => 16L * entries.Count;

    public override void Execute(SqliteWriter writer)
    {
        ReadOnlySpan<MessageEntry> rest = CollectionsMarshal.AsSpan(entries);
        for (long number = firstNumber; !rest.IsEmpty; number++)
        {
            int length = Math.Min(rest.Length, RunTables.MessageBlockEntries);
            writer.Runs.InsertMessageBlock(run, number, rest[..length]);
            rest = rest[length..];
        }
    }
}

/// <summary>Writes some blocks of anchor entries of a run.</summary>
internal sealed class AnchorBlocksWork(long run, long firstNumber, List<AnchorEntry> entries) : SqliteWork<bool>
{
    public override int Rows => (entries.Count / RunTables.AnchorBlockEntries) + 1;

    public override long Bytes => 24L * entries.Count;

    public override void Execute(SqliteWriter writer)
    {
        ReadOnlySpan<AnchorEntry> rest = CollectionsMarshal.AsSpan(entries);
        for (long number = firstNumber; !rest.IsEmpty; number++)
        {
            int length = Math.Min(rest.Length, RunTables.AnchorBlockEntries);
            writer.Runs.InsertAnchorBlock(run, number, rest[..length]);
            rest = rest[length..];
        }
    }
}

/// <summary>Writes one piece of a run's filter; the result tells whether there is more.</summary>
internal sealed class FilterPieceWork(long run, int number, RunFilter filter) : SqliteWork<bool>
{
    public override int Rows => 16;

    public override long Bytes => 64 * 1024;

    public override void Execute(SqliteWriter writer) => Result = writer.Runs.InsertFilterPiece(run, number, filter);
}

/// <summary>Puts a merged run in the place of its inputs.</summary>
internal sealed class PublishRunWork(IndexedRun merged, long[] inputs) : SqliteWork<bool>
{
    public override void Execute(SqliteWriter writer)
    {
        writer.Runs.SetRunState(merged.Run.Run, RunState.InUse);
        foreach (long input in inputs)
        {
            writer.Runs.SetRunState(input, RunState.ToBeRemoved);
        }

        writer.AfterCommit(() => writer.Index.ReplaceRuns(inputs, merged));
    }
}

/// <summary>Removes some blocks of a run that is out of use, at last the run; the result tells whether there is more.</summary>
internal sealed class RemoveRunWork(long run) : SqliteWork<bool>
{
    private const int BlocksMax = 64;

    public override int Rows => BlocksMax;

    public override void Execute(SqliteWriter writer)
    {
        Result = writer.Runs.RemoveBlocks(run, BlocksMax);
        if (!Result)
        {
            writer.Runs.DeleteRun(run);
        }
    }
}
