using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <inheritdoc cref="IGridReadiness"/>
/// <remarks>
/// A node with storage of its own asks it as well; a cluster's client has none and asks the partitions only, which need
/// storage to open.
/// </remarks>
internal sealed class GridReadinessCheck(
    IGrainFactory grains,
    IOptions<GridOptions> options,
    StartProgress start,
    TimeProvider time,
    IStorageHealth? storage = null
) : IGridReadiness
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly GridReadiness s_storageAway = new(false, "Storage does not answer.");
    private bool _caughtUp;

    public async Task<GridReadiness> CheckAsync(CancellationToken cancellationToken)
    {
        if (start.Waiting is { } waiting)
        {
            return new GridReadiness(false, waiting);
        }

        try
        {
            if (storage is not null && await Trouble(storage, cancellationToken) is { } trouble)
            {
                return new GridReadiness(false, trouble);
            }

            return await CheckPartitions(cancellationToken);
        }
        catch (Exception error) when (error is StorageUnavailableException or TimeoutException)
        {
            return s_storageAway;
        }
        catch (StorageDamagedException damage)
        {
            return new GridReadiness(false, damage.Message);
        }
    }

    /// <summary>Storage that is away is an answer of the check, no exception.</summary>
    private async Task<string?> Trouble(IStorageHealth asked, CancellationToken cancellationToken)
    {
        StorageHealth health = await asked.CheckAsync(cancellationToken).WaitAsync(s_patience, time, cancellationToken);
        return health.IsHealthy ? null : health.Description;
    }

    private async Task<GridReadiness> CheckPartitions(CancellationToken cancellationToken)
    {
        if (_caughtUp)
        {
            return new GridReadiness(true, null);
        }

        IntakeStatus[] partitions = await Task.WhenAll(
                Enumerable
                    .Range(0, options.Value.Partitions)
                    .Select(partition => grains.GetGrain<IIntakeGrain>(partition).Start())
            )
            .WaitAsync(s_patience, time, cancellationToken);
        int recovering = partitions.Sum(partition => partition.Recovering);
        if (recovering > 0)
        {
            return new GridReadiness(false, $"{recovering} messages accepted before the start are being applied.");
        }

        _caughtUp = true;
        return new GridReadiness(true, null);
    }
}
