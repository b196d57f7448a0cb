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
    private const string Unknown = "UNKNOWN";
    private const string Locked = "UNABLE_TO_LOCK_ROW";

    private static readonly TimeSpan s_daily = TimeSpan.FromHours(1);

    /// <summary>They pass: somebody else holds the record, or the service is busy.</summary>
    private static readonly string[] s_passing =
    [
        Locked,
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

    /// <summary>The value by which Salesforce finds the record; null: the person has none that an address can have.</summary>
    public static string? KeyOf(CrmOptions options, DeliveryContent content) =>
        options.Fields.GetValueOrDefault(options.Key)?.ReadText(content) is { Length: > 0 } key
        && !HttpTemplate.IsFolded(key)
            ? key
            : null;

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

        return ReceiverJson.Read<ImmutableArray<ItemAnswer>>(
            answer,
            [.. items.Select(one => Nothing(one.Item, answer, "answer_unreadable"))],
            root =>
            {
                JsonElement[] results = ReceiverJson.ItemsOf(root);
                return results.Length == items.Length
                    ? [.. items.Zip(results).Select(one => OfResult(one.First.Item, answer, one.Second))]
                    : [.. items.Select(one => Nothing(one.Item, answer, "empty_answer"))];
            }
        );
    }

    private static ItemAnswer OfResult(OutboxItem item, DeliveryAnswer answer, JsonElement result)
    {
        if (ReceiverJson.Find(result, "success") is { ValueKind: JsonValueKind.True })
        {
            return new ItemAnswer(DeliverySchedule.Taken(answer), answer.Status)
            {
                RecordId = ReceiverJson.IdOf(ReceiverJson.Find(result, "id")),
            };
        }

        string code = CodeOf(ReceiverJson.Find(result, "errors"), "statusCode") ?? Unknown;
        double chance = DeliveryChance.Of(item);
        DeliveryJudgement judgement = s_passing.Contains(code, StringComparer.Ordinal)
            ? Passing(item, answer, code)
            : DeliverySchedule.GiveUp(item, answer, "refused_by_crm", chance);
        return new ItemAnswer(judgement, answer.Status) { Note = code };
    }

    private static ItemAnswer OfRequest(OutboxItem item, DeliveryAnswer answer)
    {
        double chance = DeliveryChance.Of(item);
        string? code = ReceiverJson.Read(answer, null, root => CodeOf(root, "errorCode"));
        DeliveryJudgement judgement = (answer.Status, code) switch
        {
            // The external id is several records': nothing was written, and a person has to choose.
            (300, _) => DeliverySchedule.GiveUp(item, answer, "ambiguous", chance),
            // For the rest of the day; that is no wrong key.
            (403, "REQUEST_LIMIT_EXCEEDED") => DeliverySchedule.Hold(
                DeliverySchedule.Troubled(item, answer, "rate_limited", chance),
                answer.At + s_daily
            ),
            (400, { } known) when s_passing.Contains(known, StringComparer.Ordinal) => Passing(item, answer, known),
            _ => DeliverySchedule.Judge(item, answer, chance),
        };
        return new ItemAnswer(judgement, answer.Status) { IsOfRequest = true, Note = code };
    }

    /// <summary>Somebody else has the record, which says nothing of the service; what else passes does.</summary>
    private static DeliveryJudgement Passing(OutboxItem item, DeliveryAnswer answer, string code) =>
        DeliverySchedule.Again(item, answer.At, "record_locked", DeliveryChance.Of(item)) with
        {
            IsTrouble = code != Locked,
        };

    /// <summary>An answer that is none.</summary>
    private static ItemAnswer Nothing(OutboxItem item, DeliveryAnswer answer, string reason) =>
        new(DeliverySchedule.Troubled(item, answer, reason, DeliveryChance.Of(item)), answer.Status);

    /// <summary>Of <c>[{"errorCode","message"}]</c> the code; null: none that can be read.</summary>
    private static string? CodeOf(JsonElement? errors, string name) =>
        ReceiverJson.ItemsOf(errors) is [var first, ..] ? ReceiverJson.CodeOf(ReceiverJson.Find(first, name)) : null;
}
