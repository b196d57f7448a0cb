using Customer360.Grains.Contracts;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Telemetry;

/// <summary>Asks the intake partitions where they stand, so that the gauges, which may not wait, have an answer.</summary>
internal sealed partial class IntakeLagMonitor(
    IGrainFactory grains,
    IntakeLag lag,
    IOptions<GridOptions> grid,
    TimeProvider time,
    ILogger<IntakeLagMonitor> logger
) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Ask();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task Ask()
    {
        try
        {
            var asked = new Task<IntakeStatus>[grid.Value.Partitions];
            for (int partition = 0; partition < asked.Length; partition++)
            {
                asked[partition] = grains.GetGrain<IIntakeGrain>(partition).GetStatus();
            }

            lag.Set(await Task.WhenAll(asked));
        }
        catch (Exception exception)
        {
            // Metrics must not end the process; the gauges keep what they knew, and the next round tries again.
            LogFailure(exception.GetType().Name);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The intake partitions did not say where they stand ({ExceptionType})"
    )]
    private partial void LogFailure(string exceptionType);
}
