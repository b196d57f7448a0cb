using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Customer360.Storage.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// The first thing a client of the cluster does: wait for its database and for the first silo that makes the tables, and see
/// that its settings are the grid's. Registered before Orleans' client.
/// </summary>
internal sealed class ClientStart(
    PostgresCluster database,
    ClusterSettings settings,
    IOptions<GridOptions> options,
    StartProgress progress,
    TimeProvider time
) : IHostedService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        while (await WaitsFor(cancellationToken) is { } cause)
        {
            progress.WaitFor("The cluster is not there yet.", cause);
            await Task.Delay(s_pause, time, cancellationToken);
        }

        progress.Doing("The grid is starting.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Null once there is a grid of which this process can be a client.</summary>
    /// <exception cref="StartRefusedException">There is one, of which it can't.</exception>
    private async Task<string?> WaitsFor(CancellationToken cancellationToken)
    {
        try
        {
            if (
                await database.HasTablesAsync(cancellationToken)
                && await database.ReadStateAsync(GridSettings.Kind, GridSettings.Key, cancellationToken) is { } json
            )
            {
                Check(GridSettings.Read(json.Span));
                return null;
            }
        }
        catch (StorageUnavailableException away)
        {
            return away.Message;
        }

        return "No silo has started on its database yet.";
    }

    private void Check(GridSettings grid)
    {
        string? refusal =
            grid.ClusterId == settings.ClusterId
                ? grid.Refusal(GridSettings.Of(options.Value, settings))
                : $"The database belongs to the cluster '{grid.ClusterId}', and this process to '{settings.ClusterId}': set "
                    + $"CUSTOMER360__CLUSTER__CLUSTERID to {grid.ClusterId}, or {GridServices.ConnectionSetting} to its own.";
        if (refusal is not null)
        {
            throw new StartRefusedException(refusal);
        }
    }
}
