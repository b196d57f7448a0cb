namespace Customer360.Storage.Pipelines;

/// <summary>
/// Answers whether storage works, however often it is asked: from what the pipelines last did, and where they did nothing by a
/// probe, of which there is one at a time and one in a while. Whoever asks may be anybody, and a probe writes to the disk.
/// Thread-safe.
/// </summary>
/// <param name="watches">Of all pipelines.</param>
/// <param name="probe">Has each pipeline do something; fails where one can't.</param>
/// <param name="time">The clock.</param>
internal sealed class PacedProbe(IReadOnlyList<PipelineWatch> watches, Func<Task> probe, TimeProvider time)
{
    /// <summary>So old may an answer be.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task<string?>? _last;
    private long _lastAt;

    /// <summary>Why storage does not work; null where it does.</summary>
    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        if (First(watch => watch.Damage) is { } damage)
        {
            return damage;
        }

        if (watches.All(watch => watch.HasWorkedWithin(Pause)))
        {
            return null;
        }

        string? found = await Probe().WaitAsync(cancellationToken);

        // Something may have failed since; that it works again, the next probe shows.
        return found ?? First(watch => watch.Damage) ?? First(watch => watch.Trouble);
    }

    private Task<string?> Probe()
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_lastAt) >= Pause))
            {
                _lastAt = time.GetTimestamp();
                _last = ProbeAsync();
            }

            return _last;
        }
    }

    private async Task<string?> ProbeAsync()
    {
        try
        {
            // Not within the lock.
            await Task.Yield();
            await probe();
            return null;
        }
        catch (Exception exception)
            when (exception
                    is Rules.Ports.StorageUnavailableException
                        or Rules.Ports.StorageDamagedException
                        or InvalidOperationException
            )
        {
            return exception.Message;
        }
    }

    private string? First(Func<PipelineWatch, string?> what) =>
        watches.Select(what).FirstOrDefault(one => one is not null);
}
