using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Writes records of a CRM in batches, found by a key, so that a repeat writes the same again. A lead is told what the CRM said.
/// </summary>
public abstract class CrmWire(
    IDeliverySender sender,
    IDestinationSecrets secrets,
    IGrainFactory grains,
    TimeProvider time
) : IDestinationWire
{
    private const string KeyMissing = "key_missing";

    public abstract DestinationKind Kind { get; }

    /// <summary>Items that the CRM takes at once.</summary>
    protected abstract int BatchMax { get; }

    protected abstract string Method { get; }

    public int BatchOf(Destination destination) => BatchMax;

    public async Task<ImmutableArray<ItemAnswer>> Send(
        Destination destination,
        ImmutableArray<OutgoingItem> items,
        CancellationToken stop
    )
    {
        CrmOptions options = destination.Crm!;
        var answers = new ItemAnswer?[items.Length];
        List<int> open = [];
        for (int index = 0; index < items.Length; index++)
        {
            OutgoingItem item = items[index];
            answers[index] =
                Unsendable(options, item)
                ?? (item.Item.Effect.Kind == EffectKind.PersonErased ? await Erase(destination, item, stop) : null);
            if (answers[index] is null)
            {
                open.Add(index);
            }
        }

        // A key may stand in a request once: of people who share one each gets a request, one after the other.
        while (open.Count > 0)
        {
            int[] now =
            [
                .. open.DistinctBy(index => KeyOf(options, items[index].Content), StringComparer.OrdinalIgnoreCase),
            ];
            ImmutableArray<OutgoingItem> request = [.. now.Select(index => items[index])];
            foreach ((int index, ItemAnswer one) in now.Zip(await SendRequest(destination, request, stop)))
            {
                answers[index] = one;
            }

            open.RemoveAll(now.Contains);
        }

        return [.. await Task.WhenAll(items.Zip(answers).Select(one => TellLead(destination, one.First, one.Second!)))];
    }

    /// <summary>
    /// Sends, and where the whole request is refused sends each half of it: so the one that is refused is found, and the others are taken.
    /// </summary>
    private async Task<ImmutableArray<ItemAnswer>> SendRequest(
        Destination destination,
        ImmutableArray<OutgoingItem> items,
        CancellationToken stop
    )
    {
        CrmOptions options = destination.Crm!;
        DeliveryAnswer answer = await SendAsync(destination, PathOf(options), Body(options, items), stop);
        ImmutableArray<ItemAnswer> answers = Read(options, items, answer);
        if (
            items.Length == 1
            || !answers.All(one => one is { IsOfRequest: true, Judgement.Outcome: DeliveryOutcome.Failed })
        )
        {
            return answers;
        }

        int middle = items.Length / 2;
        return
        [
            .. await SendRequest(destination, items[..middle], stop),
            .. await SendRequest(destination, items[middle..], stop),
        ];
    }

    /// <summary>Asks for the records' kind, which writes nothing.</summary>
    public async Task<ItemAnswer> Test(Destination destination, string id, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        var item = new OutboxItem(new Effect(id, EffectKind.Message, id, "", id, now), 1, 0, now, false, false);
        DeliveryAnswer answer = await SendAsync(destination, TestPathOf(destination.Crm!), default, stop, "GET");
        return new ItemAnswer(DeliverySchedule.Judge(item, answer, DeliveryChance.Of(item)), answer.Status);
    }

    protected abstract string PathOf(CrmOptions options);

    /// <summary>How a record is deleted.</summary>
    protected abstract (string Method, string Path, byte[] Body) DeletionOf(
        CrmOptions options,
        DeliveryContent content
    );

    protected abstract string TestPathOf(CrmOptions options);

    protected abstract string? KeyOf(CrmOptions options, DeliveryContent content);

    protected abstract byte[] Body(CrmOptions options, ImmutableArray<OutgoingItem> items);

    protected abstract ImmutableArray<ItemAnswer> Read(
        CrmOptions options,
        ImmutableArray<OutgoingItem> items,
        DeliveryAnswer answer
    );

    /// <summary>What can't be written at all; null: it can.</summary>
    private ItemAnswer? Unsendable(CrmOptions options, OutgoingItem item)
    {
        EffectKind kind = item.Item.Effect.Kind;
        return kind == EffectKind.PersonErased ? null
            : EffectKinds.IsCorrection(kind) ? Withheld("not_supported")
            : KeyOf(options, item.Content) is null ? Withheld(KeyMissing)
            : null;
    }

    private static ItemAnswer Withheld(string reason) =>
        new(new DeliveryJudgement(DeliveryOutcome.Withheld, reason), 0);

    /// <summary>
    /// The records of all identifiers by which the person may have been written, one at a time. A record that is not there is deleted.
    /// </summary>
    private async Task<ItemAnswer> Erase(Destination destination, OutgoingItem item, CancellationToken stop)
    {
        CrmOptions options = destination.Crm!;
        ItemAnswer answer = Withheld(KeyMissing);
        foreach (DeliveryContent one in Corrections.OneByOne(item.Content, [options.Fields[options.Key].Path ?? ""]))
        {
            if (KeyOf(options, one) is null)
            {
                continue;
            }

            (string method, string path, byte[] body) = DeletionOf(options, one);
            DeliveryAnswer said = await SendAsync(destination, path, body, stop, method);
            answer = new ItemAnswer(
                said is { Fault: DeliveryFault.None, Status: 404 }
                    ? new DeliveryJudgement(DeliveryOutcome.Sent, "")
                    : DeliverySchedule.Judge(item.Item, said, DeliveryChance.Of(item.Item)),
                said.Status
            );
            if (answer.Judgement.Outcome != DeliveryOutcome.Sent)
            {
                return answer;
            }
        }

        return answer;
    }

    private async Task<DeliveryAnswer> SendAsync(
        Destination destination,
        string path,
        byte[]? body,
        CancellationToken stop,
        string? method = null
    ) =>
        secrets.Of(destination.Secrets) is [var token, ..]
            ? await sender.SendAsync(
                new DeliveryRequest(
                    new Uri(new Uri(destination.Address).GetLeftPart(UriPartial.Authority) + path),
                    method ?? Method,
                    body ?? default(ReadOnlyMemory<byte>),
                    destination.Limits.Timeout
                )
                {
                    Headers = [("Authorization", $"Bearer {token}")],
                },
                stop
            )
            : DeliveryAnswer.None(DeliveryFault.SecretMissing, time.GetUtcNow());

    /// <summary>
    /// Before it is written down that it was sent: a crash between has it written, and told, again. So has a lead that can't be told, and
    /// the others of its request are not held up by it.
    /// </summary>
    private async Task<ItemAnswer> TellLead(Destination destination, OutgoingItem item, ItemAnswer answer)
    {
        if (item.Content.Lead is not { } lead || answer.Judgement.Outcome == DeliveryOutcome.Retry)
        {
            return answer;
        }

        bool isWritten = answer.Judgement.Outcome == DeliveryOutcome.Sent;
        try
        {
            await grains
                .GetGrain<ILeadGrain>(lead.Lead.LeadId)
                .Do(
                    new LeadOrder(isWritten ? LeadOrderKind.WrittenToCrm : LeadOrderKind.RefusedByCrm, destination.Name)
                    {
                        System = destination.Name,
                        Code = isWritten ? answer.RecordId ?? "" : answer.Note ?? answer.Judgement.Reason,
                    }
                );
            return answer;
        }
        catch (Exception)
        {
            return answer with
            {
                Judgement = DeliverySchedule.Again(
                    item.Item,
                    time.GetUtcNow(),
                    "lead_untold",
                    DeliveryChance.Of(item.Item)
                ),
            };
        }
    }
}

/// <summary>HubSpot: batch upsert.</summary>
public sealed class HubSpotWire(
    IDeliverySender sender,
    IDestinationSecrets secrets,
    IGrainFactory grains,
    TimeProvider time
) : CrmWire(sender, secrets, grains, time)
{
    public override DestinationKind Kind => DestinationKind.HubSpot;

    protected override int BatchMax => HubSpotUpsert.BatchMax;

    protected override string Method => "POST";

    protected override string PathOf(CrmOptions options) => HubSpotUpsert.PathOf(options);

    protected override (string Method, string Path, byte[] Body) DeletionOf(
        CrmOptions options,
        DeliveryContent content
    ) => ("POST", HubSpotUpsert.DeletionPathOf(options), HubSpotUpsert.DeletionBody(options, content));

    protected override string TestPathOf(CrmOptions options) =>
        $"/crm/v3/properties/{Uri.EscapeDataString(options.Object)}/{Uri.EscapeDataString(options.Key)}";

    protected override string? KeyOf(CrmOptions options, DeliveryContent content) =>
        HubSpotUpsert.KeyOf(options, content);

    protected override byte[] Body(CrmOptions options, ImmutableArray<OutgoingItem> items) =>
        HubSpotUpsert.Body(options, items);

    protected override ImmutableArray<ItemAnswer> Read(
        CrmOptions options,
        ImmutableArray<OutgoingItem> items,
        DeliveryAnswer answer
    ) => HubSpotUpsert.Read(options, items, answer);
}

/// <summary>Salesforce: upsert of collections.</summary>
public sealed class SalesforceWire(
    IDeliverySender sender,
    IDestinationSecrets secrets,
    IGrainFactory grains,
    TimeProvider time
) : CrmWire(sender, secrets, grains, time)
{
    public override DestinationKind Kind => DestinationKind.Salesforce;

    protected override int BatchMax => SalesforceUpsert.BatchMax;

    protected override string Method => "PATCH";

    protected override string PathOf(CrmOptions options) => SalesforceUpsert.PathOf(options);

    protected override (string Method, string Path, byte[] Body) DeletionOf(
        CrmOptions options,
        DeliveryContent content
    ) => ("DELETE", SalesforceUpsert.DeletionPathOf(options, content), []);

    protected override string TestPathOf(CrmOptions options) => SalesforceUpsert.DescribePathOf(options);

    protected override string? KeyOf(CrmOptions options, DeliveryContent content) =>
        SalesforceUpsert.KeyOf(options, content);

    protected override byte[] Body(CrmOptions options, ImmutableArray<OutgoingItem> items) =>
        SalesforceUpsert.Body(options, items);

    protected override ImmutableArray<ItemAnswer> Read(
        CrmOptions options,
        ImmutableArray<OutgoingItem> items,
        DeliveryAnswer answer
    ) => SalesforceUpsert.Read(items, answer);
}
