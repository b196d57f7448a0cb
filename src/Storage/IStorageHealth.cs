namespace Customer360.Storage;

/// <summary>Whether the storage can write and read now.</summary>
public interface IStorageHealth
{
    /// <summary>Does one small durable write through the commit pipeline and one read.</summary>
    Task<StorageHealth> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>What a check found. <paramref name="Description"/> holds no stored values.</summary>
public sealed record StorageHealth(bool IsHealthy, string Description);
