using System.Text.Json;
using System.Text.Json.Serialization;

namespace Customer360.Rules.Leads;

/// <summary>
/// The stored form of a lead: its members by their names in camel case, what can be worked out left out. Members that a later release
/// adds have their defaults where they are missing.
/// </summary>
public static class LeadFileJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Write(Utf8JsonWriter writer, LeadFile file) => JsonSerializer.Serialize(writer, file, s_options);

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static LeadFile Read(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize<LeadFile>(ref reader, s_options) ?? throw new JsonException("A lead is null.");

    public static ReadOnlyMemory<byte> Write(LeadFile file) => JsonSerializer.SerializeToUtf8Bytes(file, s_options);

    /// <inheritdoc cref="Read(ref Utf8JsonReader)"/>
    public static LeadFile Read(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize<LeadFile>(json.Span, s_options) ?? throw new JsonException("A lead is null.");
}

/// <summary>A text that is JSON is stored as what it says, so that whoever looks for a value in a stored lead finds it.</summary>
internal sealed class RawJsonText : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value, skipInputValidation: true);
}
