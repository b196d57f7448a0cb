using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints.Collect;

/// <summary>Takes a collect call from its headers to the answer.</summary>
public sealed class CollectHandler(
    ApiKeys keys,
    EnvelopeReader reader,
    MessageDelivery delivery,
    IntakeGate gate,
    CollectOptions options,
    TimeProvider time
)
{
    /// <summary>Answers the request; <paramref name="kind"/> is null for a batch.</summary>
    public async Task HandleAsync(HttpContext context, EventKind? kind)
    {
        int bytes = RequestBody.BytesAtMost(context.Request, options.BodyBytesMax);
        if (!gate.TryEnter(bytes))
        {
            CollectInstruments.Throttled.Add(1);
            await ProblemWriter.WriteAsync(context, new TooBusy(options.RetryAfterSeconds));
            return;
        }

        try
        {
            Outcome<CollectCall> call = CollectCall.Read(context.Request, kind);
            Outcome<CollectResult> result = call.Succeeded ? await CollectAsync(context, call.Value) : call.Refusal;
            if (result.Succeeded)
            {
                await CollectAnswer.WriteAsync(context.Response, result.Value, call.Value.WithReceipts);
            }
            else
            {
                await ProblemWriter.WriteAsync(context, result.Refusal);
            }
        }
        finally
        {
            gate.Leave(bytes);
        }
    }

    private async Task<Outcome<CollectResult>> CollectAsync(HttpContext context, CollectCall call)
    {
        Outcome<MessageReading> reading = await ReadAsync(context, call);
        if (!reading.Succeeded)
        {
            return reading.Refusal;
        }

        Outcome<CollectResult> result = await delivery.DeliverAsync(reading.Value, call.WaitUntilApplied);
        CollectInstruments.Count(result);
        return reading.Value.TellsWhere && result is { Succeeded: true, Value.Applied: true }
            ? result.Value with
            {
                Outcomes = await delivery.FollowAsync(reading.Value),
            }
            : result;
    }

    /// <summary>Body to envelopes. The body's memory is given back on return: envelopes are copies.</summary>
    private async Task<Outcome<MessageReading>> ReadAsync(HttpContext context, CollectCall call)
    {
        string? header = context.Request.Headers.Authorization;
        ApiKey? key = PresentedKey.Find(keys, header);
        if (key is not null && !key.May(Roles.Collect))
        {
            return new RoleMissing();
        }

        DateTimeOffset receivedAt = time.GetUtcNow();
        BodyLimits limits = new(options.BodyBytesMax, options.BodyTimeMax);
        Outcome<RequestBody> body = await RequestBody.ReadAsync(context.Request, limits, time);
        if (!body.Succeeded)
        {
            return body.Refusal;
        }

        using (body.Value)
        {
            return ReadMessages(body.Value, call, key, header is not null, receivedAt);
        }
    }

    private Outcome<MessageReading> ReadMessages(
        RequestBody body,
        CollectCall call,
        ApiKey? key,
        bool hasHeader,
        DateTimeOffset receivedAt
    )
    {
        Outcome<SentBody> parsed = CollectPayload.Parse(body, isBatch: call.Kind is null, options.DepthMax);
        if (!parsed.Succeeded)
        {
            return parsed.Refusal;
        }

        using SentBody sent = parsed.Value;

        // A header that holds no key of ours may be the token of an SDK's own scheme; then the body's key counts.
        if (key is null)
        {
            string? writeKey = sent.WriteKey;
            key = PresentedKey.FindText(keys, writeKey);
            if (key is null)
            {
                return hasHeader || writeKey is not null ? new KeyUnknown() : new KeyMissing();
            }

            if (!key.May(Roles.Collect))
            {
                return new RoleMissing();
            }
        }

        string requestId = Guid.CreateVersion7(receivedAt).ToString("N");
        MessageContext context = new(key.Name, receivedAt, SentAt: null, call.Kind, requestId, Index: 0);
        Outcome<MessageReading> reading = call.Kind is null
            ? MessageReading.ReadBatch(reader, sent, context, options.BatchMessagesMax)
            : MessageReading.ReadOne(reader, sent, context);

        // A write key stands in web pages. Told whose customer an identifier leads to, anyone could ask with it who
        // belongs together: that is reading.
        return reading.Succeeded && call is { WithReceipts: true, WaitUntilApplied: true } && key.May(Roles.Read)
            ? reading.Value with
            {
                TellsWhere = true,
            }
            : reading;
    }
}
