using Customer360.Grains.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Customer360.Silo.Changes;

/// <summary>
/// The one stream on which silos tell the APIs of a cluster what may have changed. It is kept in memory: a hint that is lost costs a reader
/// seconds, and nothing else.
/// </summary>
internal static class ChangeStream
{
    public const string Provider = "changes";

    // One queue: hints are gathered before they are sent, so there are few.
    private const int Queues = 1;

    public static void AddChangeStream(this ISiloBuilder silo) =>
        silo.AddMemoryStreams(Provider, streams => streams.ConfigurePartitioning(Queues));

    public static void AddChangeStream(this IClientBuilder client) =>
        client.AddMemoryStreams(Provider, streams => streams.ConfigurePartitioning(Queues));

    /// <summary>The stream; null in a process that is a grid by itself.</summary>
    public static IAsyncStream<ChangeHint>? Find(IServiceProvider services) =>
        services.GetKeyedService<IStreamProvider>(Provider) is { } provider
            ? provider.GetStream<ChangeHint>(StreamId.Create(Provider, GrainKeys.Current))
            : null;
}
