using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary><c>mastership.yaml</c>: whose value each field shows. It is asked when a profile is read.</summary>
public sealed class MastershipPolicyKind() : PolicyKind<MastershipPolicy>(KindName, "default:\n  strategy: latest\n")
{
    public const string KindName = "mastership";

    protected override MastershipPolicy? Read(PolicyFile file) => MastershipReader.Read(file);

    protected override void Write(Utf8JsonWriter writer, MastershipPolicy policy) =>
        MastershipPolicyJson.Write(writer, policy);

    /// <summary>
    /// <c>input: {field, values: [{source, value, at}]}</c> → <c>expect: {source, value}</c>, both empty where the profile shows
    /// nothing.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(MastershipPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("field", "values");
        string field = input.RequiredText("field") ?? "";
        var traits = ImmutableArray.CreateBuilder<Trait>();
        if (input.Find("values") is { Kind: ConfigKind.List } values)
        {
            foreach (ConfigNode value in values.Items)
            {
                if (ReadWord(field, value, example) is { } word)
                {
                    traits.Add(word);
                }
            }
        }
        else
        {
            input.Fault("values", "It must be a list: what each source says.");
        }

        traits.Sort(static (left, right) => Trait.CompareKeys(left, right));
        var fold = new ProfileFold { Traits = traits.ToImmutable() };
        Trait? winner = new TraitWinners(fold, policy).Find(field);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["source"] = winner?.Source ?? "",
            ["value"] = winner is { } shown ? TextOf(shown.ValueJson) : "",
        };
    }

    private static Trait? ReadWord(string field, ConfigNode node, PolicyExample example)
    {
        ConfigSection word = example.Section(node, "source", "value", "at");
        string? source = word.RequiredText("source");
        string? at = word.RequiredText("at");
        DateTimeOffset time = default;
        if (at is not null && !Rfc3339.TryParse(Encoding.UTF8.GetBytes(at), out time))
        {
            word.Fault("at", "It must be a time of RFC 3339, for example 2026-11-22T10:00:00Z.");
            return null;
        }

        if (word.Find("value") is not { Kind: ConfigKind.Text } value)
        {
            word.Fault("value", "It must be a text or a number; nothing stands for a value that was removed.");
            return null;
        }

        return source is null || at is null
            ? null
            : new Trait(field, source, JsonOf(value), time, messageId: "", default);
    }

    /// <summary>As a message would have it: what looks like a number, true or false is one unless it is quoted.</summary>
    private static byte[] JsonOf(ConfigNode value)
    {
        if (value.IsNothing)
        {
            return [.. "null"u8];
        }

        bool isPlain =
            !value.IsQuoted
            && (
                value.Text is "true" or "false"
                || (
                    decimal.TryParse(
                        value.Text,
                        System.Globalization.NumberStyles.AllowDecimalPoint
                            | System.Globalization.NumberStyles.AllowLeadingSign,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out _
                    ) && IsJson(value.Text)
                )
            );
        return isPlain ? Encoding.UTF8.GetBytes(value.Text) : JsonSerializer.SerializeToUtf8Bytes(value.Text);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            // A number that YAML writes and JSON does not: 007.
            return false;
        }
    }

    private static string TextOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.String
            ? document.RootElement.GetString()!
            : document.RootElement.GetRawText();
    }
}
