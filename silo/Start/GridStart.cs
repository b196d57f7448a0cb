using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>
/// The first thing a node does: bring the schema up to date and see that the number of partitions is the one that the
/// store was made with. Registered before the engine, so no grain runs on an unprepared store.
/// </summary>
internal sealed class GridStart(IStorageInitializer storage, IGrainStateStore states, IOptions<GridOptions> options)
    : IHostedService
{
    private const string Kind = "grid";
    private const string Key = "settings";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await storage.InitializeAsync(cancellationToken);
        await CheckPartitions(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="InvalidOperationException">The store was made with another number of partitions.</exception>
    private async Task CheckPartitions(CancellationToken cancellationToken)
    {
        int configured = options.Value.Partitions;
        StoredState? stored = await states.ReadAsync(Kind, Key, cancellationToken);
        if (stored is null)
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(new StoredSettings(configured));
            // Null: another node was faster; then what it wrote counts.
            if (await states.WriteAsync(Kind, Key, json, expectedVersion: 0, cancellationToken) is not null)
            {
                return;
            }

            stored = await states.ReadAsync(Kind, Key, cancellationToken);
        }

        int made = JsonSerializer.Deserialize<StoredSettings>(stored!.Json.Span)!.Partitions;
        if (made != configured)
        {
            throw new InvalidOperationException(
                $"This store was made with {made} partitions and can't be used with {configured}. "
                    + $"Set Customer360:Grid:Partitions to {made}, or start on an empty store."
            );
        }
    }

    private sealed record StoredSettings(int Partitions);
}
