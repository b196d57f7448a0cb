using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Crm.Reads;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Backlog;

/// <summary>
/// How a backlog is stored and passed on: <c>{"parts":[{"id","reason","place"?,"at","body","headers":{name:value}}],
/// "reads":[request],"progress":{…}}</c>; requests and progress as <see cref="ReadJson"/> has them.
/// </summary>
public static class WebhookBacklogJson
{
    public static ReadOnlyMemory<byte> Write(WebhookBacklog backlog)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, backlog);
        }

        return buffer.WrittenMemory;
    }

    public static void Write(Utf8JsonWriter writer, WebhookBacklog backlog)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("parts"u8);
        foreach (SetAsidePart part in backlog.Parts)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, part.Id);
            writer.WriteString("reason"u8, part.Reason);
            WriteText(writer, "place", part.Place);
            writer.WriteString("at"u8, Rfc3339.Text(part.At));
            writer.WriteString("body"u8, part.Body);
            writer.WriteStartObject("headers"u8);
            foreach (PartHeader header in part.Headers)
            {
                writer.WriteString(header.Name, header.Value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("reads"u8);
        foreach (ReadRequest read in backlog.Reads)
        {
            ReadJson.Write(writer, read);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("progress"u8);
        ReadJson.Write(writer, backlog.Progress);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static WebhookBacklog Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    public static WebhookBacklog Read(JsonElement backlog) =>
        new(
            [
                .. backlog
                    .GetProperty("parts"u8)
                    .EnumerateArray()
                    .Select(part => new SetAsidePart(
                        TextIn(part, "id") ?? throw new JsonException("A part has no id."),
                        TextIn(part, "reason") ?? "",
                        TextIn(part, "place"),
                        part.GetProperty("at"u8).GetDateTimeOffset(),
                        TextIn(part, "body") ?? "",
                        [
                            .. part.GetProperty("headers"u8)
                                .EnumerateObject()
                                .Select(header => new PartHeader(header.Name, header.Value.GetString() ?? "")),
                        ]
                    )),
            ],
            [.. backlog.GetProperty("reads"u8).EnumerateArray().Select(ReadJson.ReadRequest)]
        )
        {
            // A backlog that a former release stored has none.
            Progress = backlog.TryGetProperty("progress"u8, out JsonElement progress)
                ? ReadJson.ReadProgress(progress)
                : ReadProgress.None,
        };

    private static string? TextIn(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
