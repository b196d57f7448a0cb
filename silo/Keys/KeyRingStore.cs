using System.Buffers;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Keys;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Customer360.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Silo.Keys;

/// <summary>
/// The row of all keys in the store itself. On PostgreSQL the grid may run meanwhile: the row's version sees that neither overwrites
/// the other, and the grid reads the row each second. A SQLite file is one process's alone.
/// </summary>
internal sealed class KeyRingStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IGrainStateStore _states;

    private KeyRingStore(ServiceProvider services)
    {
        _services = services;
        _states = services.GetRequiredService<IGrainStateStore>();
    }

    /// <exception cref="StartRefusedException">The store can't be opened; likewise the storage's own refusals.</exception>
    public static async Task<KeyRingStore> Open(IConfiguration settings)
    {
        var services = new ServiceCollection();
        services.AddStore(settings);
        ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            await provider.GetRequiredService<IStorageInitializer>().InitializeAsync(CancellationToken.None);
            return new KeyRingStore(provider);
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>The keys, and the version of their row; 0: there is none yet.</summary>
    public async Task<(KeyRing Ring, long Version)> Read()
    {
        StoredState? row = await _states.ReadAsync(GrainKeys.KeyRingState, GrainKeys.Current, CancellationToken.None);
        return row is null ? (KeyRing.Empty, 0) : (KeyRingJson.Read(row.Json), row.Version);
    }

    /// <summary>Makes a change; answers why it was not made, or null. Who comes between is followed by another try.</summary>
    public async Task<KeyObjection?> Change(Func<KeyRing, KeyRingDecision> change)
    {
        while (true)
        {
            (KeyRing ring, long version) = await Read();
            KeyRingDecision decision = change(ring);
            if (decision.Objection is { } objection)
            {
                return objection;
            }

            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
            {
                KeyRingJson.Write(json, decision.Ring);
            }

            if (
                await _states.WriteAsync(
                    GrainKeys.KeyRingState,
                    GrainKeys.Current,
                    buffer.WrittenMemory,
                    version,
                    CancellationToken.None
                )
                is not null
            )
            {
                return null;
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
