using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Grains.Tests.States;

/// <summary>What the engine's storage passes on with a state.</summary>
public sealed class GrainStateStorageTests
{
    private static readonly LeadRow s_row = new(
        "l_1",
        "c_1",
        "marketing",
        "new",
        null,
        null,
        DateTimeOffset.UnixEpoch,
        null,
        IsOpen: true
    );

    [Fact]
    public async Task Write_OfAListedState_BringsItsRow()
    {
        Assert.Equal(new LeadListing(s_row), await ListingOf(new Listed { Listing = s_row }));
        Assert.Equal(new LeadListing(null), await ListingOf(new Listed()));
    }

    [Fact]
    public async Task Write_OfAnyOtherState_LeavesTheListAlone() => Assert.Null(await ListingOf(new Plain()));

    private static async Task<StateListing?> ListingOf<T>(T state)
    {
        var store = new Store();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton<IStateCodec<T>, EmptyCodec<T>>()
            .BuildServiceProvider();
        await new GrainStateStorage(store, services).WriteStateAsync(
            "lead",
            GrainId.Create("lead", "l_1"),
            new GrainState<T> { State = state }
        );
        return store.Listings.SingleOrDefault();
    }

    private sealed class Listed : ILeadListed
    {
        public LeadRow? Listing { get; init; }
    }

    private sealed class Plain;

    private sealed class EmptyCodec<T> : IStateCodec<T>
    {
        public void Write(Utf8JsonWriter writer, T state)
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }

        public T Read(ref Utf8JsonReader reader) => Activator.CreateInstance<T>();
    }

    private sealed class Store : IGrainStateStore
    {
        public List<StateListing> Listings { get; } = [];

        public Task<StoredState?> ReadAsync(string kind, string key, CancellationToken cancellationToken) =>
            Task.FromResult<StoredState?>(null);

        public Task<long?> WriteAsync(
            string kind,
            string key,
            ReadOnlyMemory<byte> json,
            long expectedVersion,
            StateCompanions with,
            CancellationToken cancellationToken
        )
        {
            Listings.AddRange(with.Listings);
            return Task.FromResult<long?>(expectedVersion + 1);
        }

        public Task<bool> ClearAsync(
            string kind,
            string key,
            long expectedVersion,
            CancellationToken cancellationToken
        ) => Task.FromResult(true);
    }
}
