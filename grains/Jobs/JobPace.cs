namespace Customer360.Grains;

/// <summary>
/// Keeps a job within its share of the processors: after each piece of work it rests in proportion to what the piece took,
/// here and in storage. Nothing is saved up: a job that had to wait does not hurry afterwards.
/// </summary>
/// <remarks>
/// What a piece took is taken from the clock. On a busy machine a piece also waits for a processor while the clock runs, so
/// the job takes less than its share exactly when others need it.
/// </remarks>
internal sealed class JobPace(TimeProvider time, double processors, CancellationToken stop)
{
    /// <summary>Shorter rests than timers can measure are put together.</summary>
    private static readonly TimeSpan s_restMin = TimeSpan.FromMilliseconds(2);

    private readonly double _restPerWork = Math.Max(0, (1 / processors) - 1);
    private TimeSpan _debt;
    private long _since = time.GetTimestamp();

    /// <summary>True where it never rests: then storage may read ahead, beside the job.</summary>
    public bool IsUnlimited => _restPerWork == 0;

    /// <summary>A piece of work is done: rest as long as is due. The turn ends here in any case.</summary>
    /// <exception cref="OperationCanceledException">The job is to stop.</exception>
    public async Task Rest()
    {
        stop.ThrowIfCancellationRequested();
        Charge();
        if (_debt < s_restMin)
        {
            await Task.Yield();
        }
        else
        {
            long before = time.GetTimestamp();
            // The rest is what this class is for: on the clock that is injected, and ended at once when the job is to stop.
            await Task.Delay(_debt, time, stop);
            _debt -= time.GetElapsedTime(before);
            _debt = _debt < -s_restMin ? -s_restMin : _debt;
        }

        _since = time.GetTimestamp();
    }

    /// <summary>Waits for what storage does for the job, and charges it.</summary>
    public async Task<T> Storage<T>(Task<T> work)
    {
        Charge();
        T result = await work;
        Charge();
        return result;
    }

    private void Charge()
    {
        long now = time.GetTimestamp();
        _debt += time.GetElapsedTime(_since, now) * _restPerWork;
        _since = now;
    }
}
