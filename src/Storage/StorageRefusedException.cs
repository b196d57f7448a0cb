namespace Customer360.Storage;

/// <summary>
/// The storage can't be opened, and waiting would not help. The message names the file, server or setting that is at fault
/// and says what to do.
/// </summary>
public sealed class StorageRefusedException : Exception
{
    public StorageRefusedException() { }

    public StorageRefusedException(string message)
        : base(message) { }

    public StorageRefusedException(string message, Exception innerException)
        : base(message, innerException) { }
}
