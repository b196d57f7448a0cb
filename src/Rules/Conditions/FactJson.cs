using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Conditions;

/// <summary>
/// Facts as JSON, as decisions store them and callers send them: texts, numbers, flags and lists as themselves,
/// <c>{"minor":100,"currency":"EUR"}</c>, <c>{"at":"2026-11-27T08:00:00.000Z"}</c>, <c>{"withheld":true}</c>, and null for what is
/// missing.
/// </summary>
public static class FactJson
{
    private const int ItemsMax = 1_000;

    public static void Write(Utf8JsonWriter writer, FactValue value)
    {
        switch (value.Kind)
        {
            case FactKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case FactKind.Number:
                writer.WriteNumberValue(value.Number);
                break;
            case FactKind.Flag:
                writer.WriteBooleanValue(value.Number != 0);
                break;
            case FactKind.Money:
                writer.WriteStartObject();
                writer.WriteNumber("minor"u8, (long)value.Number);
                writer.WriteString("currency"u8, value.Text);
                writer.WriteEndObject();
                break;
            case FactKind.Instant:
                writer.WriteStartObject();
                writer.WriteString("at"u8, Rfc3339.Text(value.Instant));
                writer.WriteEndObject();
                break;
            case FactKind.List:
                writer.WriteStartArray();
                foreach (FactValue item in value.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case FactKind.Withheld:
                writer.WriteStartObject();
                writer.WriteBoolean("withheld"u8, true);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>Writes an object with a member for each fact, by name.</summary>
    public static void Write(Utf8JsonWriter writer, FactSet facts)
    {
        writer.WriteStartObject();
        foreach ((string name, FactValue value) in facts.Values.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a value; null where it is not of a form that <see cref="Write(Utf8JsonWriter, FactValue)"/> has.</summary>
    public static FactValue? Read(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.String => FactValue.Of(json.GetString()!),
            JsonValueKind.Number => json.TryGetDecimal(out decimal number) ? FactValue.Of(number) : null,
            JsonValueKind.True => FactValue.True,
            JsonValueKind.False => FactValue.False,
            JsonValueKind.Null => FactValue.Missing,
            JsonValueKind.Array => ReadList(json),
            JsonValueKind.Object => ReadObject(json),
            _ => null,
        };

    /// <summary>Reads a set of facts; null where it is no object, or a value of it can't be read.</summary>
    public static FactSet? ReadSet(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var facts = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (Read(member.Value) is not { } value)
            {
                return null;
            }

            facts[member.Name] = value;
        }

        return new FactSet(facts);
    }

    private static FactValue? ReadList(JsonElement json)
    {
        if (json.GetArrayLength() > ItemsMax)
        {
            return null;
        }

        FactValue?[] items = [.. json.EnumerateArray().Select(Read)];
        return Array.TrueForAll(items, item => item is { IsKnown: true } and not { Kind: FactKind.List })
            ? FactValue.Of(items.Select(item => item!))
            : null;
    }

    private static FactValue? ReadObject(JsonElement json)
    {
        if (
            json.TryGetProperty("minor"u8, out JsonElement minor)
            && json.TryGetProperty("currency"u8, out JsonElement currency)
        )
        {
            return
                minor.ValueKind == JsonValueKind.Number
                && minor.TryGetInt64(out long units)
                && currency.ValueKind == JsonValueKind.String
                && FactValue.IsCurrency(currency.GetString()!)
                ? FactValue.Money(units, currency.GetString()!)
                : null;
        }

        if (json.TryGetProperty("at"u8, out JsonElement at))
        {
            return at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out DateTimeOffset instant)
                ? FactValue.Of(instant)
                : null;
        }

        return json.TryGetProperty("withheld"u8, out JsonElement withheld) && withheld.ValueKind == JsonValueKind.True
            ? FactValue.Withheld
            : null;
    }
}
