using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>How a kind of destination is spoken to. Without state: one object serves all of its kind.</summary>
public interface IDestinationWire
{
    DestinationKind Kind { get; }

    /// <summary>Items that one request may hold; of customers of their own each.</summary>
    int BatchOf(Destination destination);

    /// <summary>One try. Of each item what came of it, in their order.</summary>
    Task<ImmutableArray<ItemAnswer>> Send(
        Destination destination,
        ImmutableArray<OutgoingItem> items,
        CancellationToken stop
    );

    /// <summary>Sends something that is about nobody.</summary>
    Task<ItemAnswer> Test(Destination destination, string id, CancellationToken stop);
}

/// <summary>Signed notices: one item a request.</summary>
public sealed class WebhookWire(IDeliverySender sender, IDestinationSecrets secrets, TimeProvider time)
    : IDestinationWire
{
    public DestinationKind Kind => DestinationKind.Webhook;

    public int BatchOf(Destination destination) => 1;

    public async Task<ImmutableArray<ItemAnswer>> Send(
        Destination destination,
        ImmutableArray<OutgoingItem> items,
        CancellationToken stop
    )
    {
        (OutboxItem item, DeliveryContent content) = items[0];
        return [await Send(destination, item, DeliveryJson.Of(content), stop)];
    }

    public Task<ItemAnswer> Test(Destination destination, string id, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        var effect = new Effect(id, EffectKind.Message, id, "", id, now);
        return Send(destination, new OutboxItem(effect, 1, 0, now, false, false), DeliveryJson.Test(now), stop);
    }

    private async Task<ItemAnswer> Send(Destination destination, OutboxItem item, byte[] body, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        byte[]?[] keys = [.. secrets.Of(destination.Secrets).Select(StandardWebhook.KeyOf)];
        DeliveryAnswer answer =
            keys.Length != destination.Secrets.Length || keys.Contains(null)
                ? DeliveryAnswer.None(DeliveryFault.SecretMissing, now)
                : await sender.SendAsync(
                    new DeliveryRequest(new Uri(destination.Address), "POST", body, destination.Limits.Timeout)
                    {
                        Headers = StandardWebhook.Headers(keys!, item.Effect.Id, now, body),
                    },
                    stop
                );
        return new ItemAnswer(DeliverySchedule.Judge(item, answer, DeliveryChance.Of(item)), answer.Status);
    }
}
