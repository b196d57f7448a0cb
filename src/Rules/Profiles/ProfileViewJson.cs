using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>
/// A <see cref="ProfileView"/> between silos:
/// <c>{"customerId","version","oversized","identifiers":[{"identifier","messageId","source","linkedAt","ruleVersion"}],"consent"?:[…],
/// "restricted"?:true,"audiences"?:["name"],"fold":{…}}</c>.
/// </summary>
public static class ProfileViewJson
{
    public static byte[] Write(ProfileView view)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("customerId"u8, view.CustomerId);
        writer.WriteNumber("version"u8, view.Version);
        writer.WriteBoolean("oversized"u8, view.IsOversized);
        writer.WriteStartArray("identifiers"u8);
        foreach (ProfileIdentifier one in view.Identifiers)
        {
            writer.WriteStartObject();
            writer.WriteString("identifier"u8, one.Identifier.ToString());
            writer.WriteString("messageId"u8, one.MessageId);
            writer.WriteString("source"u8, one.Source);
            writer.WriteString("linkedAt"u8, one.LinkedAt);
            writer.WriteString("ruleVersion"u8, one.RuleVersion);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!view.Consent.Purposes.IsEmpty)
        {
            writer.WritePropertyName("consent"u8);
            ConsentViewJson.Write(writer, view.Consent);
        }

        if (view.Consent.IsRestricted)
        {
            writer.WriteBoolean("restricted"u8, true);
        }

        if (!view.Audiences.IsEmpty)
        {
            writer.WriteStartArray("audiences"u8);
            foreach (string audience in view.Audiences)
            {
                writer.WriteStringValue(audience);
            }

            writer.WriteEndArray();
        }

        writer.WritePropertyName("fold"u8);
        view.Fold.WriteJson(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ProfileView Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        var foldReader = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(root.GetProperty("fold"u8)));
        foldReader.Read();
        return new ProfileView(
            root.GetProperty("customerId"u8).GetString()!,
            root.GetProperty("version"u8).GetInt64(),
            [.. root.GetProperty("identifiers"u8).EnumerateArray().Select(ReadIdentifier)],
            ProfileFold.ReadJson(ref foldReader)
        )
        {
            IsOversized = root.GetProperty("oversized"u8).GetBoolean(),
            Consent = ReadConsent(root),
            Audiences = root.TryGetProperty("audiences"u8, out JsonElement audiences)
                ? [.. audiences.EnumerateArray().Select(one => one.GetString()!)]
                : [],
        };
    }

    private static ConsentView ReadConsent(JsonElement root)
    {
        ConsentView consent = root.TryGetProperty("consent"u8, out JsonElement written)
            ? ConsentViewJson.Read(written)
            : ConsentView.Empty;
        return root.TryGetProperty("restricted"u8, out JsonElement restricted) && restricted.GetBoolean()
            ? ConsentView.Of(consent.Purposes, isRestricted: true)
            : consent;
    }

    private static ProfileIdentifier ReadIdentifier(JsonElement element) =>
        new(
            Identifier.Parse(element.GetProperty("identifier"u8).GetString()!),
            element.GetProperty("messageId"u8).GetString()!,
            element.GetProperty("source"u8).GetString()!,
            element.GetProperty("linkedAt"u8).GetDateTimeOffset(),
            element.GetProperty("ruleVersion"u8).GetString()!
        );
}
