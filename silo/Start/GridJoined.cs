using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// Looks at the store once more when the silo has joined. Whoever changed it since <see cref="GridStart"/> looked may not have
/// seen this silo among the members.
/// </summary>
internal sealed class GridJoined(
    IGrainStateStore states,
    IOptions<GridOptions> options,
    ClusterCheck cluster,
    JoinWatch watch
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await watch.Stop();
        var own = GridSettings.Of(options.Value, cluster.Settings);
        StoredState stored = (await states.ReadAsync(GridSettings.Kind, GridSettings.Key, cancellationToken))!;
        var kept = GridSettings.Read(stored.Json.Span);
        string? refusal =
            kept.ClusterId == own.ClusterId
                ? kept.Refusal(own)
                : $"The cluster '{kept.ClusterId}' took this database over while this process started: give each its own "
                    + "database, or both the same CUSTOMER360__CLUSTER__CLUSTERID.";
        if (refusal is not null)
        {
            throw new StartRefusedException(refusal);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
