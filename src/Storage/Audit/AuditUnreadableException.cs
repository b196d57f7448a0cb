namespace Customer360.Storage.Audit;

/// <summary>The audit log can't be read, so nothing is known of it. The message says why, without stored values.</summary>
public sealed class AuditUnreadableException : Exception
{
    public AuditUnreadableException() { }

    public AuditUnreadableException(string message)
        : base(message) { }

    public AuditUnreadableException(string message, Exception innerException)
        : base(message, innerException) { }
}
