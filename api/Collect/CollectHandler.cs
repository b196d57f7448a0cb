using Customer360.Api.Consent;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Receipts;
using Customer360.Api.Security;
using Customer360.Api.Security.Limits;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Collect;

/// <summary>Takes a collect call from its headers to the answer.</summary>
internal sealed class CollectHandler(
    CallerFinder callers,
    CallerLimits limits,
    EnvelopeReader reader,
    MessageDelivery delivery,
    ProfileAccess access,
    IntakeGate gate,
    CollectOptions options,
    IOptions<GridOptions> grid,
    ReceiptClock clock,
    TimeProvider time
)
{
    /// <summary>Answers the request; <paramref name="kind"/> is null for a batch.</summary>
    public async Task HandleAsync(HttpContext context, EventKind? kind)
    {
        FoundCaller caller = await callers.Find(context, mayBeStale: true);
        ApiKey? key = caller.Key;
        int bytes = RequestBody.FirstBytes(context.Request, options.BodyBytesMax);
        if (!gate.TryEnter(IntakeCaller.Of(key, context), bytes, out IntakePlace? place))
        {
            CollectInstruments.Throttled.Add(1);
            await ProblemWriter.WriteAsync(context, new TooBusy(options.RetryAfterSeconds));
            return;
        }

        using (place)
        {
            Outcome<CollectCall> call = CollectCall.Read(context.Request, kind);
            Outcome<CollectResult> result = call.Succeeded
                ? await CollectAsync(context, call.Value, caller, place)
                : call.Refusal;
            CollectInstruments.Count(result);
            if (result.Succeeded)
            {
                await CollectAnswer.WriteAsync(context.Response, result.Value, call.Value.WithReceipts);
            }
            else
            {
                await ProblemWriter.WriteAsync(
                    context,
                    result.Refusal is KeyUnknown unknown
                        ? callers.Refuse(context, FoundCaller.Of(unknown))
                        : result.Refusal
                );
            }
        }
    }

    private async Task<Outcome<CollectResult>> CollectAsync(
        HttpContext context,
        CollectCall call,
        FoundCaller caller,
        IntakePlace place
    )
    {
        Outcome<MessageReading> reading = await ReadAsync(context, call, caller, place);
        if (!reading.Succeeded)
        {
            return reading.Refusal;
        }

        Outcome<CollectResult> result = await delivery.DeliverAsync(reading.Value, call.WaitUntilApplied);
        return reading.Value.Asker is { } asker && result is { Succeeded: true, Value.Applied: true }
            ? await FollowAsync(asker, reading.Value, result.Value, context.RequestAborted)
            : result;
    }

    private async Task<Outcome<CollectResult>> FollowAsync(
        Asker asker,
        MessageReading reading,
        CollectResult result,
        CancellationToken aborted
    )
    {
        Outcome<MessageOutcome?[]> outcomes = await access.Follow(asker, reading, grid.Value.Partitions, aborted);
        return outcomes.Succeeded ? result with { Outcomes = outcomes.Value } : outcomes.Refusal;
    }

    /// <summary>Body to envelopes. The body's memory is given back on return: envelopes are copies.</summary>
    private async Task<Outcome<MessageReading>> ReadAsync(
        HttpContext context,
        CollectCall call,
        FoundCaller caller,
        IntakePlace place
    )
    {
        if (caller.Key is { } key && Refuse(context, key) is { } refusal)
        {
            return refusal;
        }

        DateTimeOffset receivedAt = time.GetUtcNow();
        BodyLimits bodyLimits = new(options.BodyBytesMax, options.BodyTimeMax);
        Outcome<RequestBody> body = await RequestBody.ReadAsync(context.Request, bodyLimits, time, place);
        if (!body.Succeeded)
        {
            return body.Refusal;
        }

        using (body.Value)
        {
            return ReadMessages(context, body.Value, call, caller, receivedAt, place);
        }
    }

    private Refusal? Refuse(HttpContext context, ApiKey key) =>
        key.May(Roles.Collect) ? limits.Refuse(context, key) : new RoleMissing();

    private Outcome<MessageReading> ReadMessages(
        HttpContext http,
        RequestBody body,
        CollectCall call,
        FoundCaller caller,
        DateTimeOffset receivedAt,
        IntakePlace place
    )
    {
        Outcome<SentBody> parsed = CollectPayload.Parse(body, isBatch: call.Kind is null, options.DepthMax);
        if (!parsed.Succeeded)
        {
            return parsed.Refusal;
        }

        using SentBody sent = parsed.Value;

        // A header that holds no key of ours may be the token of an SDK's own scheme; then the body's key counts.
        if (caller.Key is not { } key)
        {
            FoundCaller inBody = callers.FindText(http, sent.WriteKey, mayBeStale: true);
            if (inBody.Key is null)
            {
                // Where one of the two may be a key that is not known yet, the sender must not throw away what it has sent.
                return caller.Refusal as Unavailable ?? inBody.Refusal ?? caller.Refusal ?? new KeyMissing();
            }

            key = inBody.Key;
            if (Refuse(http, key) is { } tooMany)
            {
                return tooMany;
            }

            if (!place.TryMoveTo(IntakeCaller.Of(key)))
            {
                CollectInstruments.Throttled.Add(1);
                return new TooBusy(options.RetryAfterSeconds);
            }
        }

        receivedAt = clock.Take(receivedAt, sent.Count);
        string requestId = Guid.CreateVersion7(receivedAt).ToString("N");
        MessageContext context = new(key.Source, receivedAt, SentAt: null, call.Kind, requestId, Index: 0)
        {
            HasPrivacyControl = PrivacyControl.IsOn(http.Request),
            Trust = key.Trust,
            SigningSecret = key.SigningSecret,
        };
        Outcome<MessageReading> reading = call.Kind is null
            ? MessageReading.ReadBatch(reader, sent, context, options.BatchMessagesMax)
            : MessageReading.ReadOne(reader, sent, context);

        var asker = Asker.Of(key);
        if (
            reading.Succeeded
            && access.Writable(asker) is { } writable
            && reading.Value.Refuse(writable) is { } notWritable
        )
        {
            return notWritable;
        }

        return
            reading.Succeeded
            && call is { WithReceipts: true, WaitUntilApplied: true }
            && ProfileAccess.MayFollow(asker)
            ? reading.Value with
            {
                Asker = asker,
            }
            : reading;
    }
}
