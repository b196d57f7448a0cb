using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Customer360.Api.Collect;
using Customer360.Api.Privacy;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Webhooks;

/// <summary>
/// Takes what a webhook says, whose sender was proven before: its messages into the log, by the way of all messages; its requests
/// to be forgotten to the privacy requests; and what is left to be done to its source's backlog. When it answers, all of it is
/// stored. Whatever it is broken off at, the source sends again, and everything has an id by which the repeat is recognised.
/// </summary>
internal sealed class WebhookIntake(
    IGrainFactory grains,
    EnvelopeReader reader,
    MessageDelivery delivery,
    CollectOptions options,
    ReceiptClock clock
)
{
    /// <summary>What is said to a source whose backlog is full; it sends again for a day or more.</summary>
    private const int FullRetrySeconds = 60;

    private const int IdBytes = 16;

    /// <summary>The identity rules do not have the type by which a person is to be forgotten.</summary>
    public const string IdentifierUnknown = "identifier_unknown";

    /// <summary>Under the id of this erasure somebody else was forgotten.</summary>
    public const string ErasureDiffers = "request_differs";

    /// <summary>Reads and takes a body; a refusal where nothing of it may be taken, or all of it has to be sent again.</summary>
    /// <param name="body">As sent.</param>
    /// <param name="headers">Those of the request by which a mapping may read it.</param>
    /// <param name="receivedAt">When it came.</param>
    public async Task<Outcome<WebhookReceipt>> TakeAsync(
        WebhookSource source,
        ReadOnlyMemory<byte> body,
        ImmutableArray<PartHeader> headers,
        DateTimeOffset receivedAt
    )
    {
        Outcome<WebhookReading> reading = source.Read(body, name => ValueOf(headers, name));
        if (!reading.Succeeded && reading.Refusal is not WebhookUnreadable)
        {
            return reading.Refusal;
        }

        ImmutableArray<WebhookItem> items = reading.Succeeded
            ? reading.Value.Items
            : [new WebhookFaulty(((WebhookUnreadable)reading.Refusal).Fault, Place: null, body)];
        var left = new Left(headers, receivedAt);
        foreach (WebhookFaulty faulty in items.OfType<WebhookFaulty>())
        {
            left.Add(faulty.Reason, faulty.Place, faulty.Part);
        }

        Outcome<ImmutableArray<CollectReceipt>> stored = await StoreAsync(
            source.Name,
            [.. items.OfType<WebhookTaken>().SelectMany(item => item.Messages)],
            receivedAt
        );
        if (!stored.Succeeded)
        {
            return stored.Refusal;
        }

        int takenWhole = 0;
        int receipts = 0;
        foreach (WebhookTaken taken in items.OfType<WebhookTaken>())
        {
            bool isWhole = true;
            foreach (CollectReceipt message in stored.Value.Slice(receipts, taken.Messages.Length))
            {
                if (message.Refusal is { } refusal)
                {
                    left.Add(refusal.Code, place: null, body);
                    isWhole = false;
                }
            }

            receipts += taken.Messages.Length;
            left.Reads.AddRange(taken.Reads);
            foreach (ErasureCall call in taken.Erasures)
            {
                isWhole &= await ForgetAsync(source, call, body, left);
            }

            takenWhole += isWhole ? 1 : 0;
        }

        WebhookBacklog backlog = left.ToBacklog();
        if (
            !backlog.IsEmpty
            && !await grains.GetGrain<IWebhookGrain>(source.Name).Keep(WebhookBacklogJson.Write(backlog))
        )
        {
            return new TooBusy(FullRetrySeconds);
        }

        var receipt = new WebhookReceipt(
            Success: true,
            takenWhole,
            items.OfType<WebhookSkipped>().Count(),
            left.Parts.Count
        );
        WebhookInstruments.Count(source.Name, receipt, left);
        return receipt;
    }

    /// <summary>
    /// Stores messages of a source, with a receipt for each, in their order. A refusal where nothing of it may be taken for stored.
    /// </summary>
    public async Task<Outcome<ImmutableArray<CollectReceipt>>> StoreAsync(
        string source,
        IReadOnlyCollection<CrmMessage> messages,
        DateTimeOffset receivedAt
    )
    {
        if (messages.Count == 0)
        {
            return ImmutableArray<CollectReceipt>.Empty;
        }

        using SentBody sent = SentBody.OfBatch(WebhookReading.ToBatch(messages), options.DepthMax);
        DateTimeOffset first = clock.Take(receivedAt, sent.Count);
        var context = new MessageContext(
            source,
            first,
            SentAt: null,
            Kind: null,
            // Every message has an id of its own, so none is derived from the request.
            RequestId: source,
            Index: 0
        )
        {
            Trust = SourceTrust.Server,
        };
        Outcome<MessageReading> read = MessageReading.ReadBatch(reader, sent, context, sent.Count);
        if (!read.Succeeded)
        {
            return read.Refusal;
        }

        Outcome<CollectResult> result = await delivery.DeliverAsync(read.Value, waitUntilApplied: false);
        return result.Succeeded ? ImmutableArray.CreateRange(result.Value.Receipts) : result.Refusal;
    }

    /// <returns>False: it was set aside.</returns>
    private async Task<bool> ForgetAsync(WebhookSource source, ErasureCall call, ReadOnlyMemory<byte> body, Left left)
    {
        if (reader.Normalize(call.Person.Type, call.Person.Value) is not { } identifier)
        {
            left.Add(IdentifierUnknown, call.Person.Type, body);
            return false;
        }

        PrivacyRequestView? request = await grains
            .GetGrain<IPrivacyRequestGrain>(PrivacyHandler.IdFor(source.Name, call.Key))
            .Begin(new PrivacyRequestAsk(PrivacyRequestKind.Erasure, [identifier], source.Name, ClientId: null));
        if (request is null)
        {
            // Somebody else was forgotten by the same id: this person must not be passed over in silence.
            left.Add(ErasureDiffers, call.Person.Type, body);
        }

        return request is not null;
    }

    private static string? ValueOf(ImmutableArray<PartHeader> headers, string name) =>
        headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>What is left to be done of one webhook.</summary>
    internal sealed class Left(ImmutableArray<PartHeader> headers, DateTimeOffset at)
    {
        /// <summary>By their ids: a body of which several records can't be read is kept once.</summary>
        public Dictionary<string, SetAsidePart> Parts { get; } = new(StringComparer.Ordinal);

        public List<ReadRequest> Reads { get; } = [];

        public void Add(string reason, string? place, ReadOnlyMemory<byte> part)
        {
            string id = Convert.ToHexStringLower(SHA256.HashData(part.Span).AsSpan(0, IdBytes));
            // What stores can't hold is replaced, as in messages.
            string text = Encoding.UTF8.GetString(part.Span).Replace('\0', '\uFFFD');
            Parts.TryAdd(id, new SetAsidePart(id, reason, place, at, text, headers));
        }

        public WebhookBacklog ToBacklog() => new([.. Parts.Values], [.. Reads]);
    }
}
