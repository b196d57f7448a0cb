using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Streams;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>Keeps the explicit subscriptions of one stream. Key: "provider/namespace/key".</summary>
[Alias("customer360.streamRendezvous")]
internal interface IStreamRendezvousGrain : IGrainWithStringKey
{
    /// <summary>Adds a subscription; gives its id.</summary>
    Task<Guid> Subscribe(string providerName, StreamId streamId, GrainId consumer);

    /// <summary>Removes a subscription, if it is there.</summary>
    Task Unsubscribe(string providerName, StreamId streamId, Guid subscriptionId);

    /// <summary>All subscriptions.</summary>
    [ReadOnly]
    Task<StreamSubscriptions> Get();
}

/// <summary>The explicit subscriptions of a stream at a version; later versions replace earlier ones.</summary>
[GenerateSerializer]
[Immutable]
internal sealed record StreamSubscriptions(
    [property: Id(0)] long Version,
    [property: Id(1)] IReadOnlyList<StreamSubscriptionRecord> All
);

/// <summary>One of them.</summary>
[GenerateSerializer]
[Immutable]
internal sealed record StreamSubscriptionRecord([property: Id(0)] Guid Id, [property: Id(1)] GrainId Consumer);

/// <summary>What is stored.</summary>
[GenerateSerializer]
internal sealed class StreamRendezvousState
{
    [Id(0)]
    public long Version { get; set; }

    [Id(1)]
    public List<StreamSubscriptionRecord> Subscriptions { get; set; } = [];
}

/// <inheritdoc cref="IStreamRendezvousGrain" />
[GrainType("customer360.streamrendezvous")]
internal sealed class StreamRendezvousGrain(
    [PersistentState("subscriptions", ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME)]
        IPersistentState<StreamRendezvousState> state,
    IGrainContext context
) : Grain, IStreamRendezvousGrain
{
    /// <inheritdoc />
    public async Task<Guid> Subscribe(string providerName, StreamId streamId, GrainId consumer)
    {
        // Versions are never used twice for a stream, so the ids are unique without chance.
        var version = state.State.Version + 1;
        var id = SubscriptionIds.Explicit(streamId, version);
        await Change(providerName, streamId, version, [.. state.State.Subscriptions, new(id, consumer)]);
        return id;
    }

    /// <inheritdoc />
    public async Task Unsubscribe(string providerName, StreamId streamId, Guid subscriptionId)
    {
        var rest = state.State.Subscriptions.Where(record => record.Id != subscriptionId).ToList();
        if (rest.Count != state.State.Subscriptions.Count)
        {
            await Change(providerName, streamId, state.State.Version + 1, rest);
        }
    }

    /// <inheritdoc />
    public Task<StreamSubscriptions> Get() => Task.FromResult(Snapshot());

    private async Task Change(
        string providerName,
        StreamId streamId,
        long version,
        List<StreamSubscriptionRecord> subscriptions
    )
    {
        var previous = state.State;
        state.State = new StreamRendezvousState { Version = version, Subscriptions = subscriptions };
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = previous;
            throw;
        }

        // The topic is told in this turn, so it hears of changes in their order.
        var provider = context.EngineServices.GetRequiredKeyedService<IStreamProvider>(providerName);
        ((MemoryStreamProvider)provider).OnSubscriptionsChanged(streamId, Snapshot());
    }

    private StreamSubscriptions Snapshot() => new(state.State.Version, [.. state.State.Subscriptions]);
}
