using System.Text.Json;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Rules.Access;

/// <summary>A message of the log as one caller sees it: what is withheld is not there, what is masked is a mask.</summary>
public sealed class VisibleMessage(Envelope message, VisibleFields fields)
{
    public string MessageId => message.MessageId;

    public EventKind Kind => message.Kind;

    public string? Name => message.Name;

    public DateTimeOffset Timestamp => message.Timestamp;

    public DateTimeOffset ReceivedAt => message.ReceivedAt;

    /// <summary>Who sent it; null for who may not see where things come from.</summary>
    public string? Source => fields.Show(FieldSets.Provenance) ? message.Source : null;

    /// <summary>The company; null for who may not see companies of people.</summary>
    public string? GroupId => fields.Show(FieldSets.Accounts) ? message.GroupId : null;

    /// <summary>
    /// What is noted of a message that does not keep its contract; null for who may not see every field, as it tells of fields.
    /// </summary>
    public ContractJudgement? Annotation =>
        fields.Table is null && message.Contract is { Mode: ContractMode.Annotate } noted ? noted : null;

    public IEnumerable<Identifier> Identifiers =>
        fields.Table is not { } table
            ? message.Identifiers
            : message.Identifiers.Select(table.Show).OfType<Identifier>().Distinct();

    /// <summary>The message as it was sent, to write parts of (<see cref="WritePart"/>). Whoever opens it closes it.</summary>
    public JsonDocument Open() => JsonDocument.Parse(message.Json);

    /// <summary>The message has such an object.</summary>
    public static bool Has(JsonDocument opened, ReadOnlySpan<byte> part) =>
        Sent(opened) is { ValueKind: JsonValueKind.Object } sent && sent.TryGetProperty(part, out _);

    /// <summary>Writes an object of the message under its name; one that it does not have is an empty object.</summary>
    public void WritePart(Utf8JsonWriter writer, JsonDocument opened, ReadOnlySpan<byte> part, FieldScope scope)
    {
        writer.WritePropertyName(part);
        JsonElement sent = Sent(opened);
        if (
            sent.ValueKind != JsonValueKind.Object
            || !sent.TryGetProperty(part, out JsonElement value)
            || value.ValueKind != JsonValueKind.Object
        )
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else if (fields.Table is { } table)
        {
            // The rules write JSON, so it need not be looked at again.
            writer.WriteRawValue(table.ShowMembers(value, scope), skipInputValidation: true);
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    /// <summary>Where the message's traits stand: those of a group call are a company's.</summary>
    public FieldScope TraitScope => message.Kind == EventKind.Group ? FieldScope.Company : FieldScope.Person;

    private static JsonElement Sent(JsonDocument canonical) =>
        canonical.RootElement.ValueKind == JsonValueKind.Object
        && canonical.RootElement.TryGetProperty("message"u8, out JsonElement sent)
            ? sent
            : default;
}
