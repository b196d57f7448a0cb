using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Api.Collect;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Audiences;
using Customer360.Rules.Conditions;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Audiences;

/// <summary>
/// <c>POST /v1/decide</c>: what to show a person at some places, with what may be used of her profile, in one call. Who is not known, and
/// whose consent the purpose lacks, gets what everybody gets.
/// </summary>
internal sealed class DecideHandler(
    ProfileAccess access,
    IPolicy<AudiencePolicy> policy,
    EnvelopeReader reader,
    MessageDelivery delivery,
    ReceiptClock clock,
    CollectOptions options,
    TimeProvider time
)
{
    private static readonly RawJson<JsonObject> s_nothing = new("{}"u8.ToArray());

    public async Task<Results<Answer<DecideAnswer>, ProblemResult>> Decide(HttpContext context)
    {
        Outcome<DecideBody> asked = await DecideBody.ReadAsync(context.Request);
        if (!asked.Succeeded)
        {
            return new ProblemResult(asked.Refusal);
        }

        Outcome<bool> explains = QueryValues.Flag(context.Request.Query, "explain");
        if (!explains.Succeeded)
        {
            return new ProblemResult(explains.Refusal);
        }

        Outcome<DecideAnswer> answer = await Choose(Asker.Of(context), asked.Value, explains.Value);
        if (!answer.Succeeded)
        {
            return new ProblemResult(answer.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<DecideAnswer>(answer.Value);
    }

    public async Task<Outcome<DecideAnswer>> Choose(Asker asker, DecideBody body, bool explains)
    {
        AudiencePolicy current = policy.Current;
        if (body.Placements.Any(one => current.FindPlacement(one.Name) is null))
        {
            return new NotFound("placement");
        }

        Outcome<UsableProfile> found = await access.GetUsable(asker, body.Identifier, current);
        if (!found.Succeeded && found.Refusal is not NotFound)
        {
            return found.Refusal;
        }

        UsableProfile? person = found.Succeeded ? found.Value : null;
        ImmutableArray<string> audiences = person?.Audiences ?? [];
        PlacementChoice[] choices =
        [
            .. body.Placements.Select(one => ChoiceOf(current.FindPlacement(one.Name)!, person, one.Candidates)),
        ];
        // What is shown to everybody is no experience of hers.
        PlacementChoice[] dealt =
        [
            .. choices.Where(choice => MayDeal(current.FindPlacement(choice.Placement)!, person)),
        ];
        if (
            body.IsExposure
            && dealt.Length > 0
            && person?.Anchor is { } anchor
            && await Record(anchor, dealt) is { } refusal
        )
        {
            return refusal;
        }

        return new DecideAnswer(
            person?.Profile.CustomerId,
            person is null ? s_nothing : FieldsOf(person.Profile),
            audiences,
            [.. choices.Select(choice => AnswerOf(choice, explains))]
        );
    }

    /// <summary>
    /// Nothing is dealt by an identifier that nobody is known by: as soon as the person is known it would be another variant.
    /// </summary>
    private PlacementChoice ChoiceOf(Placement placement, UsableProfile? person, ImmutableArray<string> candidates) =>
        MayDeal(placement, person)
            ? PlacementRules.Choose(
                placement,
                person!.Profile.CustomerId,
                person.Audiences,
                candidates,
                time.GetUtcNow()
            )
            : new PlacementChoice(placement.Name, placement.Otherwise, Rule: null, IsControl: false, []);

    private static bool MayDeal(Placement placement, UsableProfile? person) =>
        person is not null && person.Purposes.Contains(placement.Purpose, StringComparer.Ordinal);

    /// <summary>Writes to the log what the person is shown. Answered when it is durable; null: it is.</summary>
    private async Task<Refusal?> Record(Identifier anchor, PlacementChoice[] choices)
    {
        byte[] batch = Exposure.ToBatch(
            choices.Select(choice => new Exposure(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), anchor, choice))
        );
        using SentBody sent = SentBody.OfBatch(batch, options.DepthMax);
        var context = new MessageContext(
            Exposure.Source,
            clock.Take(time.GetUtcNow(), sent.Count),
            SentAt: null,
            Kind: null,
            RequestId: Exposure.Source,
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
        return result.Succeeded ? null : result.Refusal;
    }

    private static RawJson<JsonObject> FieldsOf(VisibleProfile profile)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (Trait trait in profile.Traits)
        {
            writer.WritePropertyName(trait.Name);
            writer.WriteRawValue(trait.ValueJson.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return new RawJson<JsonObject>(buffer.WrittenSpan.ToArray());
    }

    private static ChoiceAnswer AnswerOf(PlacementChoice choice, bool explains) =>
        new()
        {
            Placement = choice.Placement,
            Variant = choice.Variant,
            Rule = choice.Rule,
            IsControl = choice.IsControl,
            Rules = explains
                ? [.. choice.Trace.Select(one => new ChoiceRuleAnswer(one.Rule, JsonOf(one.Trace)))]
                : null,
        };

    private static RawJson<ConditionAnswer> JsonOf(ConditionTrace trace)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        trace.WriteJson(writer);
        writer.Flush();
        return new RawJson<ConditionAnswer>(buffer.WrittenSpan.ToArray());
    }
}
