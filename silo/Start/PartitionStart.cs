using Customer360.Grains;
using Customer360.Grains.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// Keeps the node's partitions open, so that what was accepted before a crash, of this node or of the one that had the partition,
/// reaches its profiles without waiting for the next message.
/// </summary>
/// <remarks>
/// A node of a cluster goes on asking: a partition may come to it when another node dies. Where there is but one node all
/// partitions are its own, and once they are open nobody takes them away.
/// </remarks>
internal sealed partial class PartitionStart(
    IGrainFactory grains,
    IOptions<GridOptions> options,
    TimeProvider time,
    ILogger<PartitionStart> logger,
    IPartitionHomes? homes = null
) : NodeLoop
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Opens what is this node's, says so once, and has a node of a cluster go on with that.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int?[] recovering = await Task.WhenAll(
            Enumerable.Range(0, options.Value.Partitions).Select(partition => OpenFirst(partition, stoppingToken))
        );
        if (!stoppingToken.IsCancellationRequested)
        {
            Opened(logger, recovering.Count(one => one is not null), recovering.Sum(one => one ?? 0));
        }

        while (homes is not null && !stoppingToken.IsCancellationRequested)
        {
            await Pause(stoppingToken);
            await Task.WhenAll(Enumerable.Range(0, options.Value.Partitions).Select(Open));
        }
    }

    /// <summary>Opens a partition; answers how many messages it has to hand over, or null where it is another node's.</summary>
    private async Task<int?> OpenFirst(int partition, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && !IsElsewhere(partition))
        {
            if (await Open(partition) is { } status)
            {
                return status.Recovering;
            }

            await Pause(stoppingToken);
        }

        return null;
    }

    /// <summary>Null where it is another node's, or could not be opened: storage may be away for a while; readiness says so meanwhile.</summary>
    private async Task<IntakeStatus?> Open(int partition)
    {
        if (IsElsewhere(partition))
        {
            return null;
        }

        try
        {
            return await grains.GetGrain<IIntakeGrain>(partition).Start();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            NotOpened(logger, partition, error.GetType().Name);
            return null;
        }
    }

    private bool IsElsewhere(int partition) => homes is not null && homes.IsElsewhere(partition);

    private Task Pause(CancellationToken stoppingToken) => Pausing(Task.Delay(s_pause, time, stoppingToken));

    private static async Task Pausing(Task pause) =>
        await pause.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );

    [LoggerMessage(301, LogLevel.Warning, "Partition {Partition} could not be opened ({Error}); trying again.")]
    private static partial void NotOpened(ILogger logger, int partition, string error);

    [LoggerMessage(
        302,
        LogLevel.Information,
        "{Partitions} partitions are open here; {Recovering} messages accepted before the start are being applied."
    )]
    private static partial void Opened(ILogger logger, int partitions, int recovering);
}
