using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
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
        return options.Key == "email" ? key?.Trim().ToLowerInvariant() : key;
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

        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return Read(options, items, answer, document.RootElement);
        }
        catch (JsonException)
        {
            return [.. items.Select(one => Unclear(one.Item, answer, "answer_unreadable"))];
        }
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
        foreach (JsonElement error in ArrayOf(root, "errors"))
        {
            string[] ids = TraceIdsOf(error);
            isUnclear |= ids.Length == 0;
            foreach (string id in ids)
            {
                refused[id] = TextOf(error, "category") ?? "refused";
            }
        }

        JsonElement[] results = [.. ArrayOf(root, "results")];
        // It said that all was well, and did nothing.
        if (results.Length == 0 && refused.Count == 0 && !isUnclear)
        {
            return [.. items.Select(one => Unclear(one.Item, answer, "empty_answer"))];
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
                : isUnclear ? Unclear(one.Item, answer, "answer_unclear")
                : OfResult(options, one, answer, results)
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
        JsonElement[] results
    )
    {
        string? key = KeyOf(options, item.Content);
        JsonElement? own = null;
        foreach (JsonElement result in results)
        {
            if (
                TextOf(result, "objectWriteTraceId") == item.Item.Effect.Id
                || (
                    key is not null
                    && string.Equals(PropertyOf(result, options.Key), key, StringComparison.OrdinalIgnoreCase)
                )
            )
            {
                own = result;
                break;
            }
        }

        var taken = new ItemAnswer(new DeliveryJudgement(DeliveryOutcome.Sent, ""), answer.Status);
        if (own is not { } found)
        {
            return taken;
        }

        string? asked = options.Fields.GetValueOrDefault(Lifecycle)?.ReadText(item.Content);
        bool isKept =
            asked is not null
            && PropertyOf(found, Lifecycle) is { } stays
            && !string.Equals(stays, asked, StringComparison.OrdinalIgnoreCase);
        return taken with
        {
            RecordId = TextOf(found, "id"),
            Note = isKept ? $"{Lifecycle} stays {PropertyOf(found, Lifecycle)}" : null,
        };
    }

    private static ItemAnswer OfRequest(OutboxItem item, DeliveryAnswer answer)
    {
        double chance = DeliveryChance.Of(item);
        DeliveryJudgement judgement = answer.Status switch
        {
            423 => Hold(item, answer, s_locked, "record_locked"),
            429 when answer.RetryAfter is null => Hold(item, answer, WaitOf(answer), "rate_limited"),
            477 => Hold(
                item,
                answer,
                DeliverySchedule.RetryAfterOf(answer) ?? DeliverySchedule.PauseAfter(item.Tries, chance),
                "receiver_moves"
            ),
            _ => DeliverySchedule.Judge(item, answer, chance),
        };
        return new ItemAnswer(judgement, answer.Status) { IsOfRequest = true, Note = CategoryOf(answer) };
    }

    private static DeliveryJudgement Hold(OutboxItem item, DeliveryAnswer answer, TimeSpan wait, string reason)
    {
        DateTimeOffset until = answer.At + wait;
        DeliveryJudgement again = DeliverySchedule.Again(item, answer.At, reason, DeliveryChance.Of(item));
        return again with
        {
            RetryAt = again.Outcome == DeliveryOutcome.Retry ? until : null,
            Turn = DestinationTurn.Hold,
            Until = until,
        };
    }

    private static TimeSpan WaitOf(DeliveryAnswer answer) =>
        WordOf(answer, "policyName") switch
        {
            "SECONDLY" => s_secondly,
            "DAILY" => s_daily,
            _ => s_rolling,
        };

    private static ItemAnswer Unclear(OutboxItem item, DeliveryAnswer answer, string reason) =>
        new(DeliverySchedule.Again(item, answer.At, reason, DeliveryChance.Of(item)), answer.Status);

    private static string? CategoryOf(DeliveryAnswer answer) => WordOf(answer, "category");

    /// <summary>A word of an error's body; null where it is none, since a text may name a person.</summary>
    private static string? WordOf(DeliveryAnswer answer, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return
                TextOf(document.RootElement, name) is { Length: <= 60 } word
                && word.All(one => char.IsAsciiLetterUpper(one) || one == '_')
                ? word
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement.ArrayEnumerator ArrayOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out JsonElement list)
        && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;

    private static string[] TraceIdsOf(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty("context"u8, out JsonElement context)
            ?
            [
                .. ArrayOf(context, "objectWriteTraceId")
                    .Where(id => id.ValueKind == JsonValueKind.String)
                    .Select(id => id.GetString()!),
            ]
            : [];

    private static string? PropertyOf(JsonElement result, string name) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("properties"u8, out JsonElement properties)
            ? TextOf(properties, name)
            : null;

    private static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetInt64().ToString(CultureInfo.InvariantCulture),
                _ => null,
            }
            : null;
}
