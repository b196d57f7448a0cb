using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Telemetry;

/// <summary>A logger of <see cref="LogGuard"/>.</summary>
internal sealed class GuardedLogger(
    ILogger inner,
    string category,
    ValueText values,
    GrainNames names,
    LogPace pace,
    bool isOurs
) : ILogger
{
    /// <summary>None is opened: a request's scope holds its path, and nothing here reads scopes.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        GuardedEntry entry = state is IReadOnlyList<KeyValuePair<string, object?>> parts
            ? GuardedEntry.Of(parts, () => formatter(state, exception), values, names, isOurs)
            : GuardedEntry.Of(values.Of(formatter(state, exception), null, isOurs));
        if (!pace.Admits(category, logLevel, eventId, entry.ToString(), out int leftOut))
        {
            return;
        }

        inner.Log(
            logLevel,
            eventId,
            leftOut == 0 ? entry : entry.With($" ({leftOut} lines of this kind were left out before.)"),
            exception is null ? null : new GuardedException(exception, names),
            static (shown, _) => shown.ToString()
        );
    }
}
