namespace Customer360.Silo.Start;

/// <summary>
/// The process must not start, and waiting would not help. The message is one sentence or two for the operator: it names the
/// setting, file or server that is at fault, and says what to do. Programs print it alone and end with 1.
/// </summary>
public class StartRefusedException : Exception
{
    public StartRefusedException() { }

    public StartRefusedException(string message)
        : base(message) { }

    public StartRefusedException(string message, Exception innerException)
        : base(message, innerException) { }
}
