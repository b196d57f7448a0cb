using Customer360.Rules.Audit;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage;

/// <summary>What both databases' storage can be told. Checked when the storage is made.</summary>
public abstract class StorageOptions
{
    /// <summary>Writes that may wait for the next transaction. Further callers wait outside. Default: 65,536.</summary>
    public int QueueCountMax { get; set; } = 65_536;

    /// <summary>Bytes of writes that may wait for the next transaction. Default: 256 MiB.</summary>
    public long QueueBytesMax { get; set; } = 256 * 1024 * 1024;

    /// <summary>Rows that one transaction takes at most; one larger request goes alone. Default: 4,096.</summary>
    public int CommitRowsMax { get; set; } = 4_096;

    /// <summary>Bytes that one transaction takes at most; one larger request goes alone. Default: 16 MiB.</summary>
    public long CommitBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>Single reads that are answered together at most. Default: 1,024.</summary>
    public int ReadBatchMax { get; set; } = 1_024;

    /// <summary>Batches of single reads that may be under way at once. Default: 2.</summary>
    public int ReadLanes { get; set; } = 2;

    /// <summary>How long the start waits for the database to become ready. Default: 60 seconds.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The key of the audit's hashes of identifiers, 32 bytes or more. Null: a key of the store's own, made with it. All
    /// processes of one store need the same.
    /// </summary>
    public byte[]? AuditKey { get; set; }

    /// <summary>The setting that names the place of the data, for messages to the operator.</summary>
    public abstract string Setting { get; set; }

    internal PipelineLimits CommitLimits => new(QueueCountMax, QueueBytesMax, CommitRowsMax, CommitBytesMax);

    internal PipelineLimits ReadLimits => new(QueueCountMax, QueueBytesMax, ReadBatchMax, long.MaxValue);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public virtual void Validate()
    {
        RequirePositive(QueueCountMax, nameof(QueueCountMax));
        RequirePositive(QueueBytesMax, nameof(QueueBytesMax));
        RequirePositive(CommitRowsMax, nameof(CommitRowsMax));
        RequirePositive(CommitBytesMax, nameof(CommitBytesMax));
        RequirePositive(ReadBatchMax, nameof(ReadBatchMax));
        RequirePositive(ReadLanes, nameof(ReadLanes));
        RequirePositive(StartTimeout.Ticks, nameof(StartTimeout));
        RequireNoProblem(
            AuditKey is { Length: < AuditHash.KeyLengthMin }
                ? $"{nameof(AuditKey)} must have {AuditHash.KeyLengthMin} bytes or more."
                : null,
            nameof(AuditKey)
        );
    }

    private protected static void RequirePositive(long value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentException($"{name} must be greater than 0.", name);
        }
    }

    private protected static void RequireNoProblem(string? problem, string name)
    {
        if (problem is not null)
        {
            throw new ArgumentException(problem, name);
        }
    }
}
