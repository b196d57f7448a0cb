namespace Customer360.Silo.Telemetry;

/// <summary>Stands in a log for an exception. Providers write what it says of itself, so it says what may be said.</summary>
internal sealed class GuardedException(Exception exception, GrainNames names)
    : Exception(ExceptionText.MessageOf(exception, names))
{
    private readonly string _text = ExceptionText.Of(exception, names);

    public override string? StackTrace => exception.StackTrace is { } stack ? names.WithoutKeys(stack) : null;

    public override string ToString() => _text;
}
