using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// The first thing a node does: bring the schema up to date, and see that it may work on this store. Registered before the
/// runtime, so no grain runs on an unprepared store, and Orleans finds its tables.
/// </summary>
internal sealed class GridStart(
    IStorageInitializer storage,
    IGrainStateStore states,
    IOptions<GridOptions> options,
    StartProgress progress,
    ClusterCheck? cluster = null
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        progress.Doing("Storage is being opened.");
        await storage.InitializeAsync(cancellationToken);
        progress.Doing("The grid is starting.");
        if (cluster is not null)
        {
            await cluster.CheckClock(cancellationToken);
        }

        await Join(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Writes into the store what this process asks of others, and looks at who runs already before and after: one that comes
    /// at the same moment sees the store as it was, or as it is, and in either case one of the two finds the other.
    /// </summary>
    /// <exception cref="StartRefusedException">The store, or who works on it, does not fit this process.</exception>
    private async Task Join(CancellationToken cancellationToken)
    {
        var own = GridSettings.Of(options.Value, cluster?.Settings);
        while (true)
        {
            StoredState? stored = await states.ReadAsync(GridSettings.Kind, GridSettings.Key, cancellationToken);
            GridSettings kept = stored is null ? own : GridSettings.Read(stored.Json.Span);
            if (kept.Refusal(own) is { } refusal)
            {
                throw new StartRefusedException(refusal);
            }

            if (cluster is not null)
            {
                await cluster.CheckMembers(cancellationToken);
            }

            GridSettings joined = kept.Joined(own);
            if (stored is not null && joined == kept)
            {
                return;
            }

            // Null: another node was faster; then what it wrote counts.
            long? written = await states.WriteAsync(
                GridSettings.Kind,
                GridSettings.Key,
                joined.ToJson(),
                stored?.Version ?? 0,
                cancellationToken
            );
            if (written is not null && cluster is null)
            {
                return;
            }
        }
    }
}
