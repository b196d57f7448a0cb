using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary>
/// Salesforce's upsert of collections by an external id, which is its protection against repeats: what is sent, and what its answers mean.
/// It answers 200 also where every record failed; the answers stand in the order of the records.
/// </summary>
public static class SalesforceUpsert
{
    public const int BatchMax = 200;
    private const string Version = "v60.0";
    private const int CodeLengthMax = 80;

    /// <summary>They pass: somebody else holds the record, or the service is busy.</summary>
    private static readonly string[] s_passing =
    [
        "UNABLE_TO_LOCK_ROW",
        "SERVER_UNAVAILABLE",
        "REQUEST_RUNNING_TOO_LONG",
        "QUERY_TIMEOUT",
    ];

    public static string PathOf(CrmOptions options) =>
        $"/services/data/{Version}/composite/sobjects/{Uri.EscapeDataString(options.Object)}/{Uri.EscapeDataString(options.Key)}";

    /// <summary>What describes the kind of records: reading it writes nothing.</summary>
    public static string DescribePathOf(CrmOptions options) =>
        $"/services/data/{Version}/sobjects/{Uri.EscapeDataString(options.Object)}/describe";

    /// <summary>The record that is deleted.</summary>
    public static string DeletionPathOf(CrmOptions options, DeliveryContent content) =>
        $"/services/data/{Version}/sobjects/{Uri.EscapeDataString(options.Object)}/{Uri.EscapeDataString(options.Key)}/"
        + Uri.EscapeDataString(KeyOf(options, content)!);

    public static string? KeyOf(CrmOptions options, DeliveryContent content) =>
        options.Fields.GetValueOrDefault(options.Key)?.ReadText(content);

    /// <summary><c>{"allOrNone":false,"records":[{"attributes":{"type":"Lead"},"Ext__c":"…", …}]}</c></summary>
    public static byte[] Body(CrmOptions options, ImmutableArray<OutgoingItem> items)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("allOrNone"u8, false);
            writer.WriteStartArray("records"u8);
            foreach ((_, DeliveryContent content) in items)
            {
                writer.WriteStartObject();
                writer.WriteStartObject("attributes"u8);
                writer.WriteString("type"u8, options.Object);
                writer.WriteEndObject();
                foreach ((string name, FieldSource source) in options.Fields)
                {
                    if (source.Read(content) is { } value)
                    {
                        writer.WritePropertyName(name);
                        writer.WriteRawValue(value.Span, skipInputValidation: true);
                    }
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What an answer means for each item, in their order.</summary>
    public static ImmutableArray<ItemAnswer> Read(ImmutableArray<OutgoingItem> items, DeliveryAnswer answer)
    {
        if (answer.Fault != DeliveryFault.None || answer.Status is < 200 or >= 300)
        {
            return [.. items.Select(one => OfRequest(one.Item, answer))];
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            JsonElement[] results =
                document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray()] : [];
            return results.Length == items.Length
                ? [.. items.Zip(results).Select(one => OfResult(one.First.Item, answer, one.Second))]
                : [.. items.Select(one => Again(one.Item, answer, "empty_answer"))];
        }
        catch (JsonException)
        {
            return [.. items.Select(one => Again(one.Item, answer, "answer_unreadable"))];
        }
    }

    private static ItemAnswer OfResult(OutboxItem item, DeliveryAnswer answer, JsonElement result)
    {
        if (result.TryGetProperty("success"u8, out JsonElement success) && success.ValueKind == JsonValueKind.True)
        {
            return new ItemAnswer(new DeliveryJudgement(DeliveryOutcome.Sent, ""), answer.Status)
            {
                RecordId = result.TryGetProperty("id"u8, out JsonElement id) ? id.GetString() : null,
            };
        }

        string code =
            result.TryGetProperty("errors"u8, out JsonElement errors)
            && errors is { ValueKind: JsonValueKind.Array }
            && errors.GetArrayLength() > 0
                ? CodeOf(errors[0], "statusCode")
                : "UNKNOWN";
        return s_passing.Contains(code, StringComparer.Ordinal)
            ? Again(item, answer, "record_locked") with
            {
                Note = code,
            }
            : new ItemAnswer(
                DeliverySchedule.GiveUp(item, answer, "refused_by_crm", DeliveryChance.Of(item)),
                answer.Status
            )
            {
                Note = code,
            };
    }

    private static ItemAnswer OfRequest(OutboxItem item, DeliveryAnswer answer)
    {
        double chance = DeliveryChance.Of(item);
        string code = CodeOf(answer);
        DeliveryJudgement judgement = (answer.Status, code) switch
        {
            // The external id is several records': nothing was written, and a person has to choose.
            (300, _) => DeliverySchedule.GiveUp(item, answer, "ambiguous", chance),
            // For the rest of the day; that is no wrong key.
            (403, "REQUEST_LIMIT_EXCEEDED") => DeliverySchedule.Again(item, answer.At, "rate_limited", chance) with
            {
                Turn = DestinationTurn.Hold,
                Until = answer.At + TimeSpan.FromHours(1),
            },
            (400, _) when s_passing.Contains(code, StringComparer.Ordinal) => DeliverySchedule.Again(
                item,
                answer.At,
                "record_locked",
                chance
            ),
            _ => DeliverySchedule.Judge(item, answer, chance),
        };
        return new ItemAnswer(judgement, answer.Status) { IsOfRequest = true, Note = code.Length == 0 ? null : code };
    }

    private static ItemAnswer Again(OutboxItem item, DeliveryAnswer answer, string reason) =>
        new(DeliverySchedule.Again(item, answer.At, reason, DeliveryChance.Of(item)), answer.Status);

    /// <summary>Of <c>[{"errorCode","message"}]</c> the code, which names no person; empty: none.</summary>
    private static string CodeOf(DeliveryAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0
                ? CodeOf(root[0], "errorCode")
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string CodeOf(JsonElement error, string name) =>
        error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty(name, out JsonElement code)
        && code is { ValueKind: JsonValueKind.String }
        && code.GetString() is { Length: > 0 and <= CodeLengthMax } text
        && text.All(one => char.IsAsciiLetterUpper(one) || char.IsAsciiDigit(one) || one == '_')
            ? text
            : "UNKNOWN";
}
