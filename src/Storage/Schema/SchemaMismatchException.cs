namespace Customer360.Storage.Schema;

/// <summary>The database's schema is not one that this program may work on. The message says what to do.</summary>
public sealed class SchemaMismatchException : Exception
{
    public SchemaMismatchException() { }

    public SchemaMismatchException(string message)
        : base(message) { }

    public SchemaMismatchException(string message, Exception innerException)
        : base(message, innerException) { }
}
