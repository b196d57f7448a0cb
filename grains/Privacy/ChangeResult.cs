using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Grains;

/// <summary>
/// What remains of a request that changed something: <c>{"found":{"customers"},"customers":[…],"purposes"?:[…]}</c>. It names no
/// identifier and no value.
/// </summary>
internal static class ChangeResult
{
    public static byte[] Write(PrivacyRequestState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteStartObject("found"u8);
        writer.WriteNumber("customers"u8, state.Erasure.Customers.Length);
        writer.WriteEndObject();
        WriteTexts(writer, "customers", state.Erasure.Customers);
        if (!state.Purposes.IsEmpty)
        {
            WriteTexts(writer, "purposes", state.Purposes);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
