using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Quality;

namespace Customer360.Rules.Destinations;

/// <summary>Writes what is sent as one JSON object, which every kind of destination can take.</summary>
public static class DeliveryJson
{
    /// <summary>
    /// <c>{"type":"profile.changed","timestamp":"…","data":{"customerId","identifiers":[{"type","value"}],"traits":{…}, …}}</c>. What
    /// stands in <c>data</c> beside that depends on the type: <c>audience</c>; <c>message</c>; <c>lead</c>; <c>mergedCustomerId</c> or
    /// <c>fromCustomerId</c>; <c>purpose</c>. <c>gap: true</c> says that something before it could not be told.
    /// </summary>
    public static byte[] Of(DeliveryContent content)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, EffectKinds.WordOf(content.Effect.Kind));
            writer.WriteString("timestamp"u8, Rfc3339.Text(content.Effect.At));
            writer.WritePropertyName("data"u8);
            WriteData(writer, content);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same with the effect's id, for files: <c>{"id","type","timestamp","data"}</c>.</summary>
    public static byte[] Line(DeliveryContent content)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, content.Effect.Id);
            writer.WriteString("type"u8, EffectKinds.WordOf(content.Effect.Kind));
            writer.WriteString("timestamp"u8, Rfc3339.Text(content.Effect.At));
            writer.WritePropertyName("data"u8);
            WriteData(writer, content);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What is about nobody: it shows whether the receiver takes what is sent.</summary>
    public static byte[] Test(DateTimeOffset at) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type = "customer360.test",
                timestamp = Rfc3339.Text(at),
                data = new { },
            }
        );

    /// <summary>The data alone.</summary>
    public static void WriteData(Utf8JsonWriter writer, DeliveryContent content)
    {
        Effect effect = content.Effect;
        if (content.Alert is { } alert)
        {
            WriteAlert(writer, alert, content.HasGap);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(
            "customerId"u8,
            effect.Kind == EffectKind.CustomersMerged ? effect.OtherId : content.CustomerId
        );
        if (content.HasGap)
        {
            writer.WriteBoolean("gap"u8, true);
        }

        switch (effect.Kind)
        {
            case EffectKind.CustomersMerged:
                writer.WriteString("mergedCustomerId"u8, effect.CustomerId);
                writer.WriteEndObject();
                return;
            case EffectKind.CustomerSplit:
                writer.WriteString("fromCustomerId"u8, effect.OtherId);
                writer.WriteEndObject();
                return;
            case EffectKind.AudienceEntered or EffectKind.AudienceLeft:
                writer.WriteString("audience"u8, effect.Name);
                break;
            case EffectKind.ConsentWithdrawn:
                writer.WriteString("purpose"u8, effect.Name);
                break;
            default:
                break;
        }

        WritePerson(writer, content);
        if (content.Message is { } message)
        {
            WriteMessage(writer, message);
        }

        if (content.Lead is { } lead)
        {
            WriteLead(writer, lead);
        }

        writer.WriteEndObject();
    }

    private static void WriteAlert(Utf8JsonWriter writer, QualityAlert alert, bool hasGap)
    {
        writer.WriteStartObject();
        if (hasGap)
        {
            writer.WriteBoolean("gap"u8, true);
        }

        foreach (string member in AlertPaths.Members)
        {
            WriteIfAny(writer, member, AlertPaths.Find(alert, member));
        }

        writer.WriteStartArray("causes"u8);
        foreach (string cause in alert.Causes)
        {
            writer.WriteStringValue(cause);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePerson(Utf8JsonWriter writer, DeliveryContent content)
    {
        if (content.Version > 0)
        {
            writer.WriteNumber("version"u8, content.Version);
        }

        writer.WriteStartArray("identifiers"u8);
        foreach (Identifier identifier in content.Identifiers)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, identifier.Type);
            writer.WriteString("value"u8, identifier.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (EffectKinds.IsCorrection(content.Effect.Kind))
        {
            return;
        }

        writer.WriteStartObject("traits"u8);
        foreach ((string name, ReadOnlyMemory<byte> value) in content.Traits)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, VisibleMessage message)
    {
        writer.WriteStartObject("message"u8);
        writer.WriteString("messageId"u8, message.MessageId);
        writer.WriteString("type"u8, EventKinds.Text(message.Kind));
        if (message.Name is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        writer.WriteString("timestamp"u8, Rfc3339.Text(message.Timestamp));
        using JsonDocument opened = message.Open();
        if (VisibleMessage.Has(opened, "properties"u8))
        {
            message.WritePart(writer, opened, "properties"u8, FieldScope.Properties);
        }

        writer.WriteEndObject();
    }

    private static void WriteLead(Utf8JsonWriter writer, LeadFile file)
    {
        LeadState lead = file.Lead;
        writer.WriteStartObject("lead"u8);
        writer.WriteString("leadId"u8, lead.LeadId);
        writer.WriteString("stage"u8, file.Stage);
        writer.WriteString("status"u8, lead.DuplicateOf is null ? LeadFileRules.WordOf(lead.Status) : "duplicate");
        WriteIfAny(writer, "ownerId", lead.OwnerId);
        WriteIfAny(writer, "queue", lead.Status == LeadStatus.Queued ? lead.Queue : null);
        writer.WriteNumber("attempt"u8, lead.Handoffs.Length);
        WriteIfAny(writer, "rule", lead.Present is { Rule.Length: > 0 } present ? present.Rule : null);
        WriteIfAny(writer, "code", lead.ClosedCode ?? lead.Present?.Code);
        WriteIfAny(writer, "duplicateOf", lead.DuplicateOf?.LeadId);
        writer.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
