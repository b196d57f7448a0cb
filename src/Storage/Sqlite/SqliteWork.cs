using Customer360.Storage.Pipelines;

namespace Customer360.Storage.Sqlite;

/// <summary>A write of the SQLite storage's own upkeep; shares the transactions of the callers.</summary>
internal abstract class SqliteWork<TResult> : PipelineWork<TResult>, ISqliteWork
{
    public abstract void Execute(SqliteWriter writer);
}

/// <summary>What the writer can carry out without knowing what it is.</summary>
internal interface ISqliteWork
{
    void Execute(SqliteWriter writer);
}
