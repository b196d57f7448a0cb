using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Customer360.Silo.Storage;

/// <summary>
/// Connects the grains' persistent state with our storage: the state's name is the table, the grain's key the row, its
/// version the ETag. The same on both engines.
/// </summary>
internal sealed class GrainStateStorage(IGrainStateStore store, IServiceProvider services) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        StoredState? stored = await store.ReadAsync(stateName, KeyOf(grainId), CancellationToken.None);
        if (stored is null)
        {
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = null;
            grainState.RecordExists = false;
            return;
        }

        grainState.State = Decode<T>(stored.Json);
        grainState.ETag = stored.Version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    /// <exception cref="InconsistentStateException">Another write came first; the engine drops the activation.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Codec<T>().Write(writer, grainState.State!);
        }

        StateCompanions with = CompanionsOf(grainState.State, KeyOf(grainId));
        long? version = await store.WriteAsync(
            stateName,
            KeyOf(grainId),
            buffer.WrittenMemory,
            VersionOf(grainState.ETag),
            with,
            CancellationToken.None
        );
        if (version is null)
        {
            throw Lost(stateName, grainState.ETag);
        }

        grainState.ETag = version.Value.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
        Ring(with.Outbox);
    }

    /// <exception cref="InconsistentStateException">Another write came first.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (
            grainState.ETag is not null
            && !await store.ClearAsync(stateName, KeyOf(grainId), VersionOf(grainState.ETag), CancellationToken.None)
        )
        {
            throw Lost(stateName, grainState.ETag);
        }

        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static ImmutableArray<StateListing> ListingsOf(object? state, string key)
    {
        if (state is ILeadListed lead)
        {
            return [new LeadListing(lead.Listing)];
        }

        ImmutableArray<StateListing> listings = [];
        if (state is IAudienceListed { Members: { } members })
        {
            listings = [new AudienceListing(members)];
        }

        return state is INameListed named && named.NamesOf(key) is { } names
            ? [.. listings, new NameListing(names)]
            : listings;
    }

    private static StateCompanions CompanionsOf(object? state, string key) =>
        state is IAudited or ILeadListed or IAudienceListed or INameListed or ICausing
            ? new StateCompanions
            {
                Audit = state is IAudited audited ? audited.Audit : [],
                Listings = ListingsOf(state, key),
                Outbox = state is ICausing causing ? causing.Outbox : [],
            }
            : StateCompanions.None;

    /// <summary>Nobody waits for it: a ring that is lost is made up for within seconds.</summary>
    private void Ring(ImmutableArray<OutboxRow> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        IGrainFactory grains = services.GetRequiredService<IGrainFactory>();
        foreach (string destination in rows.Select(row => row.Destination).Distinct(StringComparer.Ordinal))
        {
            Task rung =
                destination == AttributionEffects.Outbox
                    ? grains.GetGrain<IAttributionGrain>(GrainKeys.Current).Ring()
                    : grains.GetGrain<IDestinationGrain>(destination).Ring();
            rung.Ignore();
        }
    }

    private static string KeyOf(GrainId grainId) => grainId.Key.ToString()!;

    private static long VersionOf(string? etag) => etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);

    /// <summary>The key is a person's identifier, so it stays out of the text.</summary>
    private static InconsistentStateException Lost(string stateName, string? etag) =>
        new($"A state of kind '{stateName}' was written by another first.", storedEtag: "newer", currentEtag: etag);

    private T Decode<T>(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return Codec<T>().Read(ref reader);
    }

    private IStateCodec<T> Codec<T>() => services.GetRequiredService<IStateCodec<T>>();
}
