namespace Customer360.Storage;

/// <summary>Gets the storage ready: call once at start, before any port is used.</summary>
public interface IStorageInitializer
{
    /// <summary>Waits for the database while it is starting, and migrates its schema. A second call does nothing.</summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">
    /// It was not ready within <see cref="StorageOptions.StartTimeout"/>.
    /// </exception>
    /// <exception cref="StorageRefusedException">It can't be opened, and waiting would not help.</exception>
    /// <exception cref="Schema.SchemaMismatchException">The schema is newer than this program, or was tampered with.</exception>
    Task InitializeAsync(CancellationToken cancellationToken);
}
