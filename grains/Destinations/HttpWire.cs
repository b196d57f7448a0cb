using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>Requests by a template: one item a request. The effect's id goes along as <c>Idempotency-Key</c>.</summary>
public sealed class HttpWire(IDeliverySender sender, IDestinationSecrets secrets, TimeProvider time) : IDestinationWire
{
    private const string KeyHeader = "Idempotency-Key";
    private const string KeyMissing = "key_missing";

    public DestinationKind Kind => DestinationKind.Http;

    public int BatchOf(Destination destination) => 1;

    public async Task<ImmutableArray<ItemAnswer>> Send(
        Destination destination,
        ImmutableArray<OutgoingItem> items,
        CancellationToken stop
    )
    {
        (OutboxItem item, DeliveryContent content) = items[0];
        HttpOptions options = destination.Http!;
        return
        [
            !EffectKinds.IsCorrection(item.Effect.Kind) ? await SendData(destination, options, item, content, stop)
            : options.Correction is { } correction ? await SendCorrection(destination, correction, item, content, stop)
            : Withheld("not_supported"),
        ];
    }

    public async Task<ItemAnswer> Test(Destination destination, string id, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        var effect = new Effect(id, EffectKind.Message, id, "test", id, now);
        Uri? address = HttpTemplate.AddressOf(destination.Address, new DeliveryContent(effect, id));
        return address is null
            ? Withheld(KeyMissing)
            : await Send(
                destination,
                new OutboxItem(effect, 1, 0, now, false, false),
                Request(destination, address, destination.Http!.Method, DeliveryJson.Test(now)),
                id,
                stop
            );
    }

    private Task<ItemAnswer> SendData(
        Destination destination,
        HttpOptions options,
        OutboxItem item,
        DeliveryContent content,
        CancellationToken stop
    ) =>
        HttpTemplate.AddressOf(destination.Address, content) is { } address
            ? Send(
                destination,
                item,
                Request(destination, address, options.Method, HttpTemplate.BodyOf(options.Body, content)),
                item.Effect.Id,
                stop
            )
            : Task.FromResult(Withheld(KeyMissing));

    /// <summary>
    /// A request for each identifier that its template asks for, one after the other. What was told before a try failed is told again: each
    /// has a key of its own, and the same on every try.
    /// </summary>
    private async Task<ItemAnswer> SendCorrection(
        Destination destination,
        HttpCorrection correction,
        OutboxItem item,
        DeliveryContent content,
        CancellationToken stop
    )
    {
        ItemAnswer answer = Withheld(KeyMissing);
        int number = 0;
        foreach (DeliveryContent one in Corrections.OneByOne(content, correction.Paths))
        {
            number++;
            if (HttpTemplate.AddressOf(correction.Address, one) is not { } address)
            {
                continue;
            }

            byte[] body = correction is { Method: "DELETE", Body: null }
                ? []
                : HttpTemplate.BodyOf(correction.Body, one);
            answer = await Send(
                destination,
                item,
                Request(destination, address, correction.Method, body),
                number == 1
                    ? item.Effect.Id
                    : string.Create(CultureInfo.InvariantCulture, $"{item.Effect.Id}-{number}"),
                stop
            );
            if (answer.Judgement.Outcome != DeliveryOutcome.Sent)
            {
                return answer;
            }
        }

        return answer;
    }

    private static DeliveryRequest Request(Destination destination, Uri address, string method, byte[] body) =>
        new(address, method, body, destination.Limits.Timeout);

    private async Task<ItemAnswer> Send(
        Destination destination,
        OutboxItem item,
        DeliveryRequest request,
        string key,
        CancellationToken stop
    )
    {
        DeliveryAnswer answer = HttpTemplate.HeadersOf(
            destination.Http!,
            name => secrets.Of([name]) is [var one] ? one : null
        )
            is { } headers
            ? await sender.SendAsync(request with { Headers = [.. headers, (KeyHeader, key)] }, stop)
            : DeliveryAnswer.None(DeliveryFault.SecretMissing, time.GetUtcNow());
        return new ItemAnswer(DeliverySchedule.Judge(item, answer, DeliveryChance.Of(item)), answer.Status);
    }

    private static ItemAnswer Withheld(string reason) =>
        new(new DeliveryJudgement(DeliveryOutcome.Withheld, reason), 0);
}
