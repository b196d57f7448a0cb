namespace Customer360.Storage.Sqlite;

/// <summary>The storage in one SQLite file, used by one process at a time.</summary>
public sealed class SqliteStorageOptions : StorageOptions
{
    /// <summary>Where the database lies; made when it is missing. Default: <c>./data</c>.</summary>
    public string DataFolder { get; set; } = "./data";

    /// <summary>Rows of the log that are indexed in memory before they become a sorted run. Default: 32,768.</summary>
    public int RecentRowsMax { get; set; } = 32_768;

    /// <summary>Pages (8 KiB) of the write-ahead log after which they are copied into the file. Default: 4,096.</summary>
    public int CheckpointPages { get; set; } = 4_096;

    /// <summary>Page cache of the writing connection. Default: 64 MiB.</summary>
    public long WriterCacheBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Page cache of each reading connection. Default: 32 MiB.</summary>
    public long ReaderCacheBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Longer reads (timelines, partitions) that may be under way at once. Default: 2.</summary>
    public int ScanLanes { get; set; } = 2;

    /// <inheritdoc/>
    public override string Setting { get; set; } = nameof(DataFolder);

    internal string DatabasePath => Path.Combine(DataFolder, "customer360.db");

    internal string LockPath => Path.Combine(DataFolder, "customer360.lock");

    internal string AuditKeyPath => Path.Combine(DataFolder, "audit.key");

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        RequirePositive(DataFolder.Trim().Length, nameof(DataFolder));
        RequirePositive(RecentRowsMax, nameof(RecentRowsMax));
        RequirePositive(CheckpointPages, nameof(CheckpointPages));
        RequirePositive(WriterCacheBytes, nameof(WriterCacheBytes));
        RequirePositive(ReaderCacheBytes, nameof(ReaderCacheBytes));
        RequirePositive(ScanLanes, nameof(ScanLanes));
    }
}
