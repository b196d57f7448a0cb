using System.Collections.Concurrent;
using System.Collections.Immutable;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Sources;

/// <summary>
/// Notes when each source last sent something that was taken, and tells the grid every few seconds. Sending waits for none of it; a crash
/// loses the last seconds, and the next message tells them again.
/// </summary>
public sealed partial class SourceWatch(IGrainFactory grains, TimeProvider time, ILogger<SourceWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    // Ticks of the last message, UTC. A source is told of when its time is another than was told.
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);

    /// <summary>A source has sent something. It is noted to the second, so that a busy source costs a look-up.</summary>
    public void Sent(string source)
    {
        long now = time.GetUtcNow().UtcTicks;
        if (!_seen.TryGetValue(source, out long seen) || now - seen >= TimeSpan.TicksPerSecond)
        {
            _seen[source] = now;
        }
    }

    /// <summary>Tells the grid what it has not been told. Where that fails, the next time tells it.</summary>
    public async Task Tell()
    {
        KeyValuePair<string, long>[] news = [.. _seen.Where(one => _told.GetValueOrDefault(one.Key) != one.Value)];
        if (news.Length == 0)
        {
            return;
        }

        ImmutableArray<SourceSent> sent =
        [
            .. news.Select(one => new SourceSent(one.Key, new DateTimeOffset(one.Value, TimeSpan.Zero))),
        ];
        await grains.GetGrain<ISourceActivityGrain>(GrainKeys.Current).Note(sent);
        foreach ((string source, long at) in news)
        {
            _told[source] = at;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await TryTell().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Who stops waits no longer.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryTell();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop tells once more.
        }
    }

    private async Task TryTell()
    {
        try
        {
            await Tell();
        }
        catch (Exception outage) when (Outages.Is(outage))
        {
            LogNotTold(logger, outage.GetType().Name);
        }
    }

    [LoggerMessage(265, LogLevel.Debug, "When sources last sent can't be noted ({Reason}); it is tried again.")]
    private static partial void LogNotTold(ILogger logger, string reason);
}
