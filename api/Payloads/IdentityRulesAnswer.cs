using System.Globalization;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Silo.Identity;

namespace Customer360.Api.Payloads;

/// <summary>Versions of the identity rules as answers show them.</summary>
internal static class IdentityRulesAnswer
{
    private const string BuiltIn = "builtIn";

    /// <summary>
    /// <c>{"version","number","at","by","origin","rules":{…},"yaml"}</c>. <c>rules</c> is null where this release can't read
    /// the file any more.
    /// </summary>
    /// <param name="version">Null: the rules that are built in.</param>
    public static void Write(Utf8JsonWriter writer, IdentityRulesVersion? version)
    {
        string yaml = version?.Yaml ?? IdentityRulesYaml.BuiltIn;
        writer.WriteStartObject();
        WriteHead(writer, version);
        writer.WritePropertyName("rules"u8);
        if (IdentityRulesYaml.Read(yaml).Rules is { } rules)
        {
            writer.WriteRawValue(IdentityRulesJson.Write(rules), skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteString("yaml"u8, yaml);
        writer.WriteEndObject();
    }

    /// <summary><c>{"versions":[{"version","number","at","by","origin"}],"next"}</c>, the newest first.</summary>
    public static void Write(Utf8JsonWriter writer, IdentityRulesHistory history)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("versions"u8);
        foreach (IdentityRulesVersion version in history.Entries)
        {
            writer.WriteStartObject();
            WriteHead(writer, version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString(
            "next"u8,
            history.HasMore ? history.Entries[^1].Number.ToString(CultureInfo.InvariantCulture) : null
        );
        writer.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter writer, IdentityRulesVersion? version)
    {
        writer.WriteString("version"u8, version?.Version ?? IdentityRules.Default.Version);
        writer.WriteNumber("number"u8, version?.Number ?? 0);
        if (version is null)
        {
            writer.WriteNull("at"u8);
            writer.WriteNull("by"u8);
            writer.WriteString("origin"u8, BuiltIn);
            return;
        }

        writer.WriteTime("at"u8, version.At);
        writer.WriteString("by"u8, version.By);
        writer.WriteString("origin"u8, JsonNamingPolicy.CamelCase.ConvertName(version.Origin.ToString()));
    }
}
