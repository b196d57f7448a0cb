using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Destinations;

/// <summary>
/// <c>destinations.yaml</c>: <c>destinations: {name: {kind, address, …}}</c>, asked whenever something changes (who gets it) and
/// whenever something is sent (what of it); <c>keep: {sent, others}</c>, how many days what became of deliveries is kept. Secrets are not in the file: it names the settings that hold them.
/// </summary>
public sealed class DestinationPolicyKind() : PolicyKind<DestinationPolicy>(KindName, "keep: {sent: 1, others: 30}\n")
{
    public const string KindName = "destinations";

    private static readonly string[] s_names = ["effect", "name"];

    public override bool WantsExamples => true;

    public override int CharactersMax => 256 * 1024;

    protected override DestinationPolicy? Read(PolicyFile file) => new DestinationPolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, DestinationPolicy policy) =>
        DestinationPolicyJson.Write(writer, policy);

    /// <summary>
    /// <c>input: {effect, name?}</c>, an effect and of what it is → <c>expect: {to}</c>: the destinations that get it, by name. Whether it
    /// is sent is decided by consent and access when it is.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(DestinationPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section(s_names);
        string word = input.RequiredText("effect") ?? "";
        EffectKind? kind = EffectKinds.KindOf(word);
        if (word.Length > 0 && kind is null)
        {
            input.Fault("effect", DestinationPolicyReader.UnknownEffect(EffectKinds.Words));
        }

        string name = input.Find("name") is { IsNothing: false } given ? given.Text : "";
        var effect = new Effect(
            "e_example",
            kind ?? EffectKind.Message,
            "c_example",
            name,
            "example",
            DateTimeOffset.UnixEpoch
        );
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["to"] = string.Join(
                ", ",
                policy.Destinations.Values.Where(one => one.Chooses(effect)).Select(one => one.Name)
            ),
        };
    }
}

/// <summary>Writes the canonical form.</summary>
internal static class DestinationPolicyJson
{
    public static void Write(Utf8JsonWriter writer, DestinationPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("keep"u8);
        writer.WriteNumber("sent"u8, (int)policy.KeepsSent.TotalDays);
        writer.WriteNumber("others"u8, (int)policy.KeepsOthers.TotalDays);
        writer.WriteEndObject();
        writer.WriteStartObject("destinations"u8);
        foreach (Destination destination in policy.Destinations.Values)
        {
            writer.WriteStartObject(destination.Name);
            writer.WriteString("kind"u8, JsonNamingPolicy.CamelCase.ConvertName(destination.Kind.ToString()));
            writer.WriteString("address"u8, destination.Address);
            writer.WriteString("purpose"u8, destination.Purpose);
            writer.WriteString("role"u8, destination.Role);
            WriteAll(writer, "secrets", destination.Secrets);
            WriteAll(writer, "effects", destination.Effects.Select(EffectKinds.WordOf));
            WriteAll(writer, "messages", destination.Messages);
            WriteAll(writer, "audiences", destination.Audiences);
            WriteAll(writer, "traits", destination.Traits);
            WriteAll(writer, "identifiers", destination.Identifiers);
            DestinationLimits limits = destination.Limits;
            writer.WriteStartObject("limits"u8);
            writer.WriteNumber("perSecond"u8, limits.PerSecond);
            writer.WriteNumber("concurrent"u8, limits.Concurrent);
            writer.WriteNumber("batch"u8, limits.Batch);
            writer.WriteNumber("timeout"u8, (int)limits.Timeout.TotalSeconds);
            writer.WriteEndObject();
            writer.WriteNumber("freshness"u8, (int)destination.Freshness.TotalSeconds);
            WriteOptions(writer, destination);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter writer, Destination destination)
    {
        if (destination.Http is { } http)
        {
            writer.WriteString("method"u8, http.Method);
            writer.WriteStartObject("headers"u8);
            foreach ((string name, string value) in http.Headers)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            if (http.Body is { } body)
            {
                writer.WritePropertyName("body"u8);
                body.WritePolicy(writer);
            }

            if (http.Correction is { } correction)
            {
                writer.WriteStartObject("correction"u8);
                writer.WriteString("address"u8, correction.Address);
                writer.WriteString("method"u8, correction.Method);
                if (correction.Body is { } own)
                {
                    writer.WritePropertyName("body"u8);
                    own.WritePolicy(writer);
                }

                writer.WriteEndObject();
            }
        }

        if (destination.Crm is { } crm)
        {
            writer.WriteString("object"u8, crm.Object);
            writer.WriteString("key"u8, crm.Key);
            WriteFields(writer, crm.Fields.Select(field => (field.Key, field.Value)));
        }

        if (destination.Files is { } files)
        {
            writer.WriteString("format"u8, files.IsCsv ? "csv" : "ndjson");
            WriteFields(writer, files.Columns);
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, IEnumerable<(string Name, FieldSource Source)> fields)
    {
        writer.WriteStartObject("map"u8);
        foreach ((string name, FieldSource source) in fields)
        {
            writer.WritePropertyName(name);
            new TemplateNode.Field(source).WritePolicy(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
