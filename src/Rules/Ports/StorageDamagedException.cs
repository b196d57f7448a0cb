namespace Customer360.Rules.Ports;

/// <summary>
/// What storage was asked for is damaged: no waiting mends it, somebody has to. Callers answer 500 and say so; what is not
/// damaged is answered as ever. The message names what is wrong and what to do, without any stored value.
/// </summary>
public sealed class StorageDamagedException : Exception
{
    public StorageDamagedException() { }

    public StorageDamagedException(string message)
        : base(message) { }

    public StorageDamagedException(string message, Exception innerException)
        : base(message, innerException) { }
}
