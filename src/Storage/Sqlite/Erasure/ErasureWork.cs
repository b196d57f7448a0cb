namespace Customer360.Storage.Sqlite.Erasure;

/// <summary>Puts blocks in the place of those that they were made of. Blocks never change otherwise, so nothing is compared.</summary>
internal sealed class RewriteBlocksWork(RewrittenBlocks rewritten) : SqliteWork<bool>
{
    public override int Rows => rewritten.Blocks.Count;

    public override long Bytes { get; } = rewritten.Blocks.Sum(block => (long)block.Content.Length);

    public override void Execute(SqliteWriter writer)
    {
        foreach ((long lastId, byte[] content) in rewritten.Blocks)
        {
            writer.Log.Update(lastId, content);
        }

        if (rewritten.Removed > 0 && !writer.Shared.HasRemoved)
        {
            // Before the commit: a reader that looks once too often loses nothing.
            writer.Shared.HasRemoved = true;
            writer.Connection.Execute(
                "insert into storage_setting (name, value) values ('has_removed', 1) on conflict do nothing"
            );
        }

        writer.AfterCommit(writer.Shared.Rewritten);
    }
}

/// <summary>Something that can't be done within a transaction: it is done behind that of its batch. It may not throw.</summary>
internal interface IOutsideWork
{
    void ExecuteOutside(SqliteConnection connection);
}

/// <summary>Empties the write-ahead log; false where a reader is in the way.</summary>
internal sealed class TruncateLogWork : SqliteWork<bool>, IOutsideWork
{
    public override void Execute(SqliteWriter writer) { }

    public void ExecuteOutside(SqliteConnection connection) => Result = connection.TryTruncateLog();
}

/// <summary>Writes the whole database anew, without its free places; false where that failed, for want of room for instance.</summary>
internal sealed class VacuumWork : SqliteWork<bool>, IOutsideWork
{
    public override void Execute(SqliteWriter writer) { }

    public void ExecuteOutside(SqliteConnection connection)
    {
        try
        {
            connection.Execute("vacuum");
            Result = true;
        }
        catch (SqliteFailureException)
        {
            Result = false;
        }
    }
}
