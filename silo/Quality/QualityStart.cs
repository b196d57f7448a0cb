using Customer360.Grains.Contracts;
using Customer360.Silo.Start;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Quality;

/// <summary>
/// Has the grid begin to look after quality: from then on a reminder does. Every node asks until one has answered; who has begun does not begin
/// again.
/// </summary>
internal sealed partial class QualityStart(IGrainFactory grains, TimeProvider time, ILogger<QualityStart> logger)
    : NodeLoop
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            // Services start before the grains do.
            while (await timer.WaitForNextTickAsync(stoppingToken) && !await HasBegun()) { }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task<bool> HasBegun()
    {
        try
        {
            await grains.GetGrain<IQualityMonitorGrain>(GrainKeys.Current).Begin();
            return true;
        }
        catch (Exception error)
        {
            NotBegun(logger, error.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(333, LogLevel.Warning, "Nobody looks after quality yet ({Error}); asking again.")]
    private static partial void NotBegun(ILogger logger, string error);
}
