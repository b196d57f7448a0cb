using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <summary>
/// One try of some items: reads what is sent of each, sends it, and says what came of it. Never fails: what goes wrong is a result, too, and
/// what is wrong with one item is no other's. Used once.
/// </summary>
internal sealed class DeliveryTry(
    Destination destination,
    DeliveryReader reader,
    DestinationWires wires,
    TimeProvider time,
    ILogger logger,
    CancellationToken stop
)
{
    private static readonly TimeSpan s_busyPause = TimeSpan.FromSeconds(2);

    private readonly List<DeliveryResult> _results = [];
    private readonly List<ItemAnswer> _answers = [];

    /// <summary>Of each item, unless the node stops: then its lease ends, and it is taken again.</summary>
    public IReadOnlyCollection<DeliveryResult> Results => _results;

    /// <summary>Of those that were sent.</summary>
    public IReadOnlyCollection<ItemAnswer> Answers => _answers;

    /// <param name="items">What was taken.</param>
    /// <param name="until">When the first of their leases ends.</param>
    public async Task Run(ImmutableArray<OutboxItem> items, DateTimeOffset until)
    {
        try
        {
            OutgoingItem?[] read = await Task.WhenAll(items.Select(Read));
            ImmutableArray<OutgoingItem> outgoing = [.. read.OfType<OutgoingItem>()];
            DateTimeOffset now = time.GetUtcNow();
            if (now + destination.Limits.Timeout < until)
            {
                await Send(outgoing);
            }
            else
            {
                // Reading them took so long that another may have them before the request ends, and what comes behind them, too.
                _results.AddRange(
                    outgoing.Select(one => new DeliveryResult(one.Item, DeliveryOutcome.Retry, "waited", RetryAt: now)
                    {
                        IsNoTry = true,
                    })
                );
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The next activation goes on.
        }
    }

    /// <summary>What is sent of an item; null, and a result, where nothing is.</summary>
    private async Task<OutgoingItem?> Read(OutboxItem item)
    {
        try
        {
            (DeliveryContent? content, string withheld) = await reader.Read(destination, item);
            if (content is not null)
            {
                return new OutgoingItem(item, content);
            }

            _results.Add(new DeliveryResult(item, DeliveryOutcome.Withheld, withheld));
        }
        catch (Exception error)
        {
            _results.Add(NotSent(item, error, mayHaveArrived: false));
        }

        return null;
    }

    /// <summary>Where a request can't even be made, each half is sent by itself: so the one that is to blame is found.</summary>
    private async Task Send(ImmutableArray<OutgoingItem> items)
    {
        if (items.IsEmpty)
        {
            return;
        }

        try
        {
            ImmutableArray<ItemAnswer> answers = await wires.Of(destination.Kind).Send(destination, items, stop);
            _answers.AddRange(answers);
            _results.AddRange(items.Zip(answers).Select(one => Of(one.First, one.Second.ToResult(one.First.Item))));
        }
        catch (Exception error) when (items.Length > 1 && !Outages.Is(error))
        {
            int middle = items.Length / 2;
            await Send(items[..middle]);
            await Send(items[middle..]);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            _results.AddRange(items.Select(one => Of(one, NotSent(one.Item, error, mayHaveArrived: true))));
        }
    }

    private static DeliveryResult Of(OutgoingItem item, DeliveryResult result) =>
        result with
        {
            AboutId = item.Content.CustomerId,
        };

    /// <summary>The grid itself was busy, which passes; anything else is a bug, and comes to an end as a receiver's refusal does.</summary>
    private DeliveryResult NotSent(OutboxItem item, Exception error, bool mayHaveArrived)
    {
        logger.DeliveryFailed(destination.Name, item.Effect.Id, error.GetType().Name);
        DateTimeOffset now = time.GetUtcNow();
        if (Outages.Is(error))
        {
            return new DeliveryResult(item, DeliveryOutcome.Retry, "grid_busy", RetryAt: now + s_busyPause)
            {
                IsNoTry = true,
                MayHaveArrived = mayHaveArrived,
            };
        }

        DeliveryJudgement again = DeliverySchedule.Again(item, now, "delivery_failed", DeliveryChance.Of(item));
        return new DeliveryResult(item, again.Outcome, again.Reason, RetryAt: again.RetryAt)
        {
            MayHaveArrived = mayHaveArrived,
        };
    }
}
