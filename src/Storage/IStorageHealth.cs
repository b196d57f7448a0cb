namespace Customer360.Storage;

/// <summary>Whether the storage can write and read now.</summary>
public interface IStorageHealth
{
    /// <summary>
    /// Answers from what was last written and read; where that is some seconds ago, by one small durable write and one read, at
    /// most every <see cref="Pipelines.PacedProbe.Pause"/> however often it is asked.
    /// </summary>
    Task<StorageHealth> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>What a check found. <paramref name="Description"/> holds no stored values and no places: it may be shown to anybody.</summary>
public sealed record StorageHealth(bool IsHealthy, string Description);
