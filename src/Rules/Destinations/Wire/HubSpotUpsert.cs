using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary>
/// HubSpot's batch upsert: what is sent, and what its answers mean. Each input carries the effect's id as <c>objectWriteTraceId</c>, and
/// answers are matched by it, since they come in any order.
/// </summary>
public static class HubSpotUpsert
{
    public const int BatchMax = 100;
    private const string Lifecycle = "lifecyclestage";

    private static readonly TimeSpan s_secondly = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_rolling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_daily = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_locked = TimeSpan.FromSeconds(2);

    public static string PathOf(CrmOptions options) =>
        $"/crm/v3/objects/{Uri.EscapeDataString(options.Object)}/batch/upsert";

    public static string DeletionPathOf(CrmOptions options) =>
        $"/crm/v3/objects/{Uri.EscapeDataString(options.Object)}/gdpr-delete";

    /// <summary>A deletion for good: HubSpot takes the address in no more.</summary>
    public static byte[] DeletionBody(CrmOptions options, DeliveryContent content) =>
        JsonSerializer.SerializeToUtf8Bytes(new { objectId = KeyOf(options, content), idProperty = options.Key });

    /// <summary>The value by which HubSpot finds the record; null: the person has none, and can't be written.</summary>
    public static string? KeyOf(CrmOptions options, DeliveryContent content)
    {
        string? key = options.Fields.GetValueOrDefault(options.Key)?.ReadText(content);
        return (options.Key == "email" ? key?.Trim().ToLowerInvariant() : key) is { Length: > 0 } found ? found : null;
    }

    /// <summary><c>{"inputs":[{"id","idProperty","objectWriteTraceId","properties":{…}}]}</c>; a key may be there once.</summary>
    public static byte[] Body(CrmOptions options, ImmutableArray<OutgoingItem> items)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("inputs"u8);
            foreach ((OutboxItem item, DeliveryContent content) in items)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, KeyOf(options, content));
                writer.WriteString("idProperty"u8, options.Key);
                writer.WriteString("objectWriteTraceId"u8, item.Effect.Id);
                writer.WriteStartObject("properties"u8);
                foreach ((string name, FieldSource source) in options.Fields)
                {
                    if (source.ReadText(content) is { } text)
                    {
                        writer.WriteString(name, text);
                    }
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What an answer means for each item, in their order.</summary>
    public static ImmutableArray<ItemAnswer> Read(
        CrmOptions options,
        ImmutableArray<OutgoingItem> items,
        DeliveryAnswer answer
    )
    {
        if (answer.Fault != DeliveryFault.None || answer.Status is < 200 or >= 300)
        {
            return [.. items.Select(one => OfRequest(one.Item, answer))];
        }

        return ReceiverJson.Read(
            answer,
            [.. items.Select(one => Nothing(one.Item, answer, "answer_unreadable"))],
            root => Read(options, items, answer, root)
        );
    }

    private static ImmutableArray<ItemAnswer> Read(
        CrmOptions options,
        ImmutableArray<OutgoingItem> items,
        DeliveryAnswer answer,
        JsonElement root
    )
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        bool isUnclear = false;
        foreach (JsonElement error in ReceiverJson.ItemsOf(ReceiverJson.Find(root, "errors")))
        {
            string[] ids = TraceIdsOf(error);
            isUnclear |= ids.Length == 0;
            foreach (string id in ids)
            {
                refused[id] = ReceiverJson.CodeOf(ReceiverJson.Find(error, "category")) ?? "UNKNOWN";
            }
        }

        JsonElement[] results = ReceiverJson.ItemsOf(ReceiverJson.Find(root, "results"));
        // It said that all was well, and did nothing.
        if (results.Length == 0 && refused.Count == 0 && !isUnclear)
        {
            return [.. items.Select(one => Nothing(one.Item, answer, "empty_answer"))];
        }

        return
        [
            .. items.Select(one =>
                refused.TryGetValue(one.Item.Effect.Id, out string? category)
                    ? new ItemAnswer(
                        DeliverySchedule.GiveUp(one.Item, answer, "refused_by_crm", DeliveryChance.Of(one.Item)),
                        answer.Status
                    )
                    {
                        Note = category,
                    }
                : isUnclear ? Unclear(one.Item, answer)
                : OfResult(options, one, answer, results, isWhole: results.Length + refused.Count >= items.Length)
            ),
        ];
    }

    /// <summary>
    /// A stage that would go back is left as it is, with the status of success: that is said, and the rest was written.
    /// </summary>
    private static ItemAnswer OfResult(
        CrmOptions options,
        OutgoingItem item,
        DeliveryAnswer answer,
        JsonElement[] results,
        bool isWhole
    )
    {
        string? key = KeyOf(options, item.Content);
        JsonElement? own = null;
        foreach (JsonElement result in results)
        {
            if (
                ReceiverJson.TextOf(ReceiverJson.Find(result, "objectWriteTraceId")) == item.Item.Effect.Id
                || (
                    key is not null
                    && string.Equals(
                        ReceiverJson.TextOf(PropertyOf(result, options.Key)),
                        key,
                        StringComparison.OrdinalIgnoreCase
                    )
                )
            )
            {
                own = result;
                break;
            }
        }

        var taken = new ItemAnswer(DeliverySchedule.Taken(answer), answer.Status);
        if (own is not { } found)
        {
            // Some of its answers name no key; one that speaks of fewer records than it was sent has left some out.
            return isWhole ? taken : Unclear(item.Item, answer);
        }

        string? asked = options.Fields.GetValueOrDefault(Lifecycle)?.ReadText(item.Content);
        string? stays = ReceiverJson.NameOf(PropertyOf(found, Lifecycle));
        bool isKept =
            asked is not null && stays is not null && !string.Equals(stays, asked, StringComparison.OrdinalIgnoreCase);
        return taken with
        {
            RecordId = ReceiverJson.IdOf(ReceiverJson.Find(found, "id")),
            Note = isKept ? $"{Lifecycle} stays {stays}" : null,
        };
    }

    private static ItemAnswer OfRequest(OutboxItem item, DeliveryAnswer answer)
    {
        double chance = DeliveryChance.Of(item);
        DeliveryJudgement judgement = answer.Status switch
        {
            423 => Hold(item, answer, s_locked, "record_locked"),
            429 when DeliverySchedule.RetryAfterOf(answer) is null && answer.FreeFrom is null => Hold(
                item,
                answer,
                WaitOf(answer),
                "rate_limited"
            ) with
            {
                IsTrouble = true,
            },
            477 => Hold(
                item,
                answer,
                DeliverySchedule.RetryAfterOf(answer) ?? DeliverySchedule.PauseAfter(item.Tries, chance),
                "receiver_moves"
            ) with
            {
                IsTrouble = true,
            },
            _ => DeliverySchedule.Judge(item, answer, chance),
        };
        return new ItemAnswer(judgement, answer.Status) { IsOfRequest = true, Note = CodeOf(answer, "category") };
    }

    private static DeliveryJudgement Hold(OutboxItem item, DeliveryAnswer answer, TimeSpan wait, string reason) =>
        DeliverySchedule.Hold(
            DeliverySchedule.Again(item, answer.At, reason, DeliveryChance.Of(item)),
            answer.At + wait
        );

    private static TimeSpan WaitOf(DeliveryAnswer answer) =>
        CodeOf(answer, "policyName") switch
        {
            "SECONDLY" => s_secondly,
            "DAILY" => s_daily,
            _ => s_rolling,
        };

    /// <summary>Nobody knows which of the items is meant.</summary>
    private static ItemAnswer Unclear(OutboxItem item, DeliveryAnswer answer) =>
        new(DeliverySchedule.Again(item, answer.At, "answer_unclear", DeliveryChance.Of(item)), answer.Status);

    /// <summary>An answer that is none.</summary>
    private static ItemAnswer Nothing(OutboxItem item, DeliveryAnswer answer, string reason) =>
        new(DeliverySchedule.Troubled(item, answer, reason, DeliveryChance.Of(item)), answer.Status);

    private static string? CodeOf(DeliveryAnswer answer, string name) =>
        ReceiverJson.Read(answer, null, root => ReceiverJson.CodeOf(ReceiverJson.Find(root, name)));

    private static string[] TraceIdsOf(JsonElement error) =>
        ReceiverJson.Find(error, "context") is { } context
            ?
            [
                .. ReceiverJson
                    .ItemsOf(ReceiverJson.Find(context, "objectWriteTraceId"))
                    .Select(id => ReceiverJson.TextOf(id))
                    .OfType<string>(),
            ]
            : [];

    private static JsonElement? PropertyOf(JsonElement result, string name) =>
        ReceiverJson.Find(result, "properties") is { } properties ? ReceiverJson.Find(properties, name) : null;
}
