namespace Customer360.Rules.Ports;

/// <summary>
/// Storage can't be reached or can't write (server away, disk full, timeout). Whether a write under way was stored is
/// not known. Callers answer 503 and acknowledge nothing; the next call tries anew.
/// </summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException() { }

    public StorageUnavailableException(string message)
        : base(message) { }

    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
