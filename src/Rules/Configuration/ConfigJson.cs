using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Configuration;

/// <summary>
/// A place of a configuration file as JSON: what stands there without quotes is a number, true, false or null where it looks like
/// one, and everything else a text.
/// </summary>
public static partial class ConfigJson
{
    /// <summary>Compact JSON; what is there twice becomes a fault, and the first of the two stands.</summary>
    public static byte[] Write(ConfigNode node, string path, List<ConfigFault> faults)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            Write(writer, node, path, faults);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Write(ConfigNode, string, List{ConfigFault})"/>
    public static void Write(Utf8JsonWriter writer, ConfigNode node, string path, List<ConfigFault> faults)
    {
        switch (node.Kind)
        {
            case ConfigKind.Map:
                writer.WriteStartObject();
                foreach (ConfigMember member in new ConfigSection(path, node, faults).Members)
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, $"{path}.{member.Name}", faults);
                }

                writer.WriteEndObject();
                break;
            case ConfigKind.List:
                writer.WriteStartArray();
                foreach (ConfigNode item in node.Items)
                {
                    Write(writer, item, path, faults);
                }

                writer.WriteEndArray();
                break;
            default:
                if (!node.IsQuoted && (node.Text is "true" or "false" || Number().IsMatch(node.Text)))
                {
                    writer.WriteRawValue(node.Text);
                }
                else if (node.IsNothing)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    writer.WriteStringValue(node.Text);
                }

                break;
        }
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Number();
}
