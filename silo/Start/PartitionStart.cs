using Customer360.Grains.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// Opens every partition when a node has started, so that what was accepted before a crash reaches its profiles without
/// waiting for the next message.
/// </summary>
internal sealed partial class PartitionStart(
    IGrainFactory grains,
    IOptions<GridOptions> options,
    TimeProvider time,
    ILogger<PartitionStart> logger
) : NodeLoop
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            Enumerable.Range(0, options.Value.Partitions).Select(partition => Start(partition, stoppingToken))
        );

    private async Task Start(int partition, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IIntakeGrain>(partition).Start();
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Storage may be away for a while; readiness says so meanwhile.
                NotOpened(logger, partition, error.GetType().Name);
                await Task.Delay(s_pause, time, stoppingToken)
                    .ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                    );
            }
        }
    }

    [LoggerMessage(301, LogLevel.Warning, "Partition {Partition} could not be opened ({Error}); trying again.")]
    private static partial void NotOpened(ILogger logger, int partition, string error);
}
