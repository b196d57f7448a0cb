using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Silo.Start;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Destinations;

/// <summary>
/// Rings at every destination, and at attribution, now and then: after a start, and where a ring was lost with its node. Every node does; which one sends is
/// the engine's to say.
/// </summary>
internal sealed partial class DestinationRounds(
    IGrainFactory grains,
    IPolicy<DestinationPolicy> policy,
    IPolicy<AttributionPolicy> attribution,
    TimeProvider time,
    ILogger<DestinationRounds> logger
) : NodeLoop
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            do
            {
                await Ring();
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task Ring()
    {
        foreach (string name in policy.Current.Destinations.Keys)
        {
            await Ring(name, () => grains.GetGrain<IDestinationGrain>(name).Ring());
        }

        if (!attribution.Current.IsEmpty)
        {
            await Ring(AttributionEffects.Outbox, () => grains.GetGrain<IAttributionGrain>(GrainKeys.Current).Ring());
        }
    }

    private async Task Ring(string name, Func<Task> ring)
    {
        try
        {
            await ring();
        }
        catch (Exception error)
        {
            NotRung(logger, name, error.GetType().Name);
        }
    }

    [LoggerMessage(330, LogLevel.Warning, "Nobody answers for the destination {Destination} ({Error}); asking again.")]
    private static partial void NotRung(ILogger logger, string destination, string error);
}
