using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage;

namespace Customer360.Benchmarks.Storage;

/// <summary>A database to measure, and the bare insert that the storage is compared with.</summary>
public interface IStorageBench : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Makes the empty database and the bare table beside it.</summary>
    Task PrepareAsync();

    /// <summary>Opens the storage on it.</summary>
    Task<GridStorage> OpenAsync();

    /// <summary>
    /// One transaction of one multi-row insert of the payloads into a table without any index but its rising key: the
    /// least that any storage on this database does.
    /// </summary>
    Task InsertBareAsync(ImmutableArray<LogAppend> batch);
}
