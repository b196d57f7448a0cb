namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// Tokens that are cancelled after a time. All that ask within the same second share one, so that starting thousands of
/// activations costs a handful of timers.
/// </summary>
internal sealed class DeadlineTokens(EngineClock clock, TimeSpan timeout)
{
    private readonly Lock _lock = new();
    private long _second = -1;
    private CancellationToken _current;

    /// <summary>A token that is cancelled between the timeout and a second later.</summary>
    public CancellationToken Next()
    {
        var second = clock.Milliseconds / 1000;
        lock (_lock)
        {
            if (second != _second)
            {
                _second = second;

                // Not disposed: others hold its token. Its timer lets go of it when it has fired.
                _current = new CancellationTokenSource(timeout + TimeSpan.FromSeconds(1), clock.TimeProvider).Token;
            }

            return _current;
        }
    }
}
