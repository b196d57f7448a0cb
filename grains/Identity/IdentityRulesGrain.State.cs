using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>The history of the identity rules; its last entry is in force.</summary>
public sealed class IdentityRulesState
{
    /// <summary>The oldest first.</summary>
    public ImmutableArray<IdentityRulesVersion> Versions { get; set; } = [];
}

/// <summary><c>{"versions":[{"number","version","at","by","origin","anchorsSince","yaml"}]}</c>, the oldest first.</summary>
public sealed class IdentityRulesStateCodec : IStateCodec<IdentityRulesState>
{
    public void Write(Utf8JsonWriter writer, IdentityRulesState state)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("versions"u8);
        foreach (IdentityRulesVersion one in state.Versions)
        {
            writer.WriteStartObject();
            writer.WriteNumber("number"u8, one.Number);
            writer.WriteString("version"u8, one.Version);
            writer.WriteString("at"u8, one.At);
            writer.WriteString("by"u8, one.By);
            writer.WriteString("origin"u8, one.Origin.ToString());
            writer.WriteNumber("anchorsSince"u8, one.AnchorsSince);
            writer.WriteString("yaml"u8, one.Yaml);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public IdentityRulesState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new IdentityRulesState
        {
            Versions =
            [
                .. document
                    .RootElement.GetProperty("versions"u8)
                    .EnumerateArray()
                    .Select(one => new IdentityRulesVersion(
                        one.GetProperty("number"u8).GetInt64(),
                        one.GetProperty("version"u8).GetString()!,
                        one.GetProperty("yaml"u8).GetString()!,
                        one.GetProperty("at"u8).GetDateTimeOffset(),
                        one.GetProperty("by"u8).GetString()!,
                        Enum.Parse<IdentityRulesOrigin>(one.GetProperty("origin"u8).GetString()!),
                        // Written before this was looked at: it may have changed anchors, so it counts as if it had.
                        one.TryGetProperty("anchorsSince"u8, out JsonElement since)
                            ? since.GetInt64()
                            : one.GetProperty("number"u8).GetInt64()
                    )),
            ],
        };
    }
}
