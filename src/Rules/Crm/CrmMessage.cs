using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm;

/// <summary>An id of a person or a company, as a message carries it under <c>context.externalIds</c>.</summary>
/// <param name="Type">A type of the identity rules; what they do not know stays in the message and identifies nobody.</param>
/// <param name="Value">As the source writes it.</param>
public readonly record struct CrmId(string Type, string Value);

/// <summary>A field that a record sets.</summary>
/// <param name="Name">As the profile has it.</param>
/// <param name="ValueJson">UTF-8 JSON; <c>null</c> clears the field.</param>
public readonly record struct CrmField(string Name, ReadOnlyMemory<byte> ValueJson)
{
    private static readonly byte[] s_null = [.. "null"u8];

    /// <summary>A field that is cleared.</summary>
    public static CrmField Cleared(string name) => new(name, s_null);

    public static CrmField Of(string name, string value) =>
        new(name, Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(value, AnswerJson.Encoder)}\""));

    /// <summary>A value as it stands in the source's JSON: a number keeps its digits.</summary>
    public static CrmField Of(string name, JsonElement value) => new(name, Encoding.UTF8.GetBytes(value.GetRawText()));
}

/// <summary>
/// One message that a record of a webhook becomes, in the shape of the collect API. So it is read by the rules by which every
/// message is read, and stands in the same log.
/// </summary>
/// <param name="Kind">Identify: what is known of a person. Group: of a company, or that a person belongs to it. Track: what happened.</param>
/// <param name="MessageId">Made of the record, so that a repeat of the webhook is recognised.</param>
public sealed record CrmMessage(EventKind Kind, string MessageId)
{
    /// <summary>When it happened, by the source's clock; null: it does not say.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whom it is about. Never empty in a message that is to be taken.</summary>
    public ImmutableArray<CrmId> Ids { get; init; } = [];

    /// <summary>Of a track: the event's name.</summary>
    public string? Event { get; init; }

    /// <summary>Of a group: the company. Of a track: the company that it speaks of.</summary>
    public string? GroupId { get; init; }

    /// <summary>Traits of the person or the company, or properties of the event.</summary>
    public ImmutableArray<CrmField> Fields { get; init; } = [];

    /// <summary>Writes the message as the collect API takes it.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, EventKinds.Text(Kind));
        writer.WriteString("messageId"u8, MessageId);
        if (At is { } at)
        {
            writer.WriteString("timestamp"u8, Rfc3339.Text(at));
        }

        if (Event is not null)
        {
            writer.WriteString("event"u8, Event);
        }

        if (GroupId is not null && Kind == EventKind.Group)
        {
            writer.WriteString("groupId"u8, GroupId);
        }

        writer.WriteStartObject("context"u8);
        if (GroupId is not null && Kind == EventKind.Track)
        {
            writer.WriteString("groupId"u8, GroupId);
        }

        writer.WriteStartArray("externalIds"u8);
        foreach (CrmId id in Ids)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, id.Value);
            writer.WriteString("type"u8, id.Type);
            writer.WriteString("collection"u8, "users"u8);
            writer.WriteString("encoding"u8, "none"u8);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject(Kind == EventKind.Track ? "properties"u8 : "traits"u8);
        foreach (CrmField field in Fields)
        {
            writer.WritePropertyName(field.Name);
            writer.WriteRawValue(field.ValueJson.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
