using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Reads;

/// <summary>
/// How requests, progress and reports are stored and passed on. A request is <c>{"object","id"?,"account"?,"reason","at"?}</c>, and a
/// cursor <c>{"of":request,"next"?,"missed"?}</c>.
/// </summary>
public static class ReadJson
{
    public static void Write(Utf8JsonWriter writer, ReadRequest read)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, read.Object);
        WriteText(writer, "id", read.Id);
        WriteText(writer, "account", read.Account);
        writer.WriteString("reason"u8, JsonNamingPolicy.CamelCase.ConvertName(read.Reason.ToString()));
        WriteTime(writer, "at", read.At);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ReadRequest ReadRequest(JsonElement read) =>
        new(
            TextIn(read, "object") ?? "",
            TextIn(read, "id"),
            Enum.TryParse(TextIn(read, "reason"), ignoreCase: true, out ReadReason reason)
                ? reason
                : throw new JsonException("An unknown reason."),
            TimeIn(read, "at")
        )
        {
            Account = TextIn(read, "account"),
        };

    /// <summary>
    /// <c>{"lastAttemptAt"?,"lastSuccessAt"?,"fault"?,"code"?,"nextAttemptAt"?,"failures"?,"stopped"?,"batch","cursors":[…]}</c>
    /// </summary>
    public static void Write(Utf8JsonWriter writer, ReadProgress progress)
    {
        writer.WriteStartObject();
        WriteTime(writer, "lastAttemptAt", progress.LastAttemptAt);
        WriteTime(writer, "lastSuccessAt", progress.LastSuccessAt);
        WriteText(writer, "fault", progress.Fault?.ToString());
        WriteText(writer, "code", progress.Code);
        WriteTime(writer, "nextAttemptAt", progress.NextAttemptAt);
        writer.WriteNumber("failures"u8, progress.FailuresInARow);
        writer.WriteBoolean("stopped"u8, progress.IsStopped);
        writer.WriteNumber("batch"u8, progress.Batch);
        writer.WriteStartArray("cursors"u8);
        foreach (ReadCursor cursor in progress.Cursors)
        {
            Write(writer, cursor);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ReadProgress ReadProgress(JsonElement progress) =>
        new()
        {
            LastAttemptAt = TimeIn(progress, "lastAttemptAt"),
            LastSuccessAt = TimeIn(progress, "lastSuccessAt"),
            Fault = TextIn(progress, "fault") is { } fault ? FaultOf(fault) : null,
            Code = TextIn(progress, "code"),
            NextAttemptAt = TimeIn(progress, "nextAttemptAt"),
            FailuresInARow = progress.GetProperty("failures"u8).GetInt32(),
            IsStopped = progress.GetProperty("stopped"u8).GetBoolean(),
            Batch = progress.GetProperty("batch"u8).GetInt32(),
            Cursors = [.. progress.GetProperty("cursors"u8).EnumerateArray().Select(ReadCursor)],
        };

    /// <summary>
    /// <c>{"finished":[…],"later":[…],"more":[…],"cursor"?,"failure"?:{"fault","code"?,"retryAfter"?,"window"?,"utcOffset"?},"rest"?}</c>,
    /// spans in milliseconds.
    /// </summary>
    public static ReadOnlyMemory<byte> Write(ReadReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            Write(writer, "finished", report.Finished);
            Write(writer, "later", report.Later);
            Write(writer, "more", report.More);
            if (report.Cursor is { } cursor)
            {
                writer.WritePropertyName("cursor"u8);
                Write(writer, cursor);
            }

            if (report.Failure is { } failure)
            {
                writer.WriteStartObject("failure"u8);
                writer.WriteString("fault"u8, failure.Fault.ToString());
                WriteText(writer, "code", failure.Code);
                WriteSpan(writer, "retryAfter", failure.RetryAfter);
                WriteSpan(writer, "window", failure.Window);
                WriteSpan(writer, "utcOffset", failure.UtcOffset);
                writer.WriteEndObject();
            }

            WriteSpan(writer, "rest", report.Rest);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ReadReport ReadReport(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement report = document.RootElement;
        return new ReadReport
        {
            Finished = RequestsIn(report, "finished"),
            Later = RequestsIn(report, "later"),
            More = RequestsIn(report, "more"),
            Cursor = report.TryGetProperty("cursor"u8, out JsonElement cursor) ? ReadCursor(cursor) : null,
            Failure = report.TryGetProperty("failure"u8, out JsonElement failure)
                ? new ReadFailure(FaultOf(TextIn(failure, "fault")))
                {
                    Code = TextIn(failure, "code"),
                    RetryAfter = SpanIn(failure, "retryAfter"),
                    Window = SpanIn(failure, "window"),
                    UtcOffset = SpanIn(failure, "utcOffset"),
                }
                : null,
            Rest = SpanIn(report, "rest"),
        };
    }

    private static void Write(Utf8JsonWriter writer, string name, ImmutableArray<ReadRequest> reads)
    {
        writer.WriteStartArray(name);
        foreach (ReadRequest read in reads)
        {
            Write(writer, read);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ReadCursor cursor)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("of"u8);
        Write(writer, cursor.Of);
        WriteText(writer, "next", cursor.Next);
        WriteTime(writer, "missed", cursor.Missed);
        writer.WriteEndObject();
    }

    private static ReadCursor ReadCursor(JsonElement cursor) =>
        new(ReadRequest(cursor.GetProperty("of"u8)), TextIn(cursor, "next"), TimeIn(cursor, "missed"));

    private static ImmutableArray<ReadRequest> RequestsIn(JsonElement report, string name) =>
        [.. report.GetProperty(name).EnumerateArray().Select(ReadRequest)];

    private static ReadFault FaultOf(string? text) =>
        Enum.TryParse(text, out ReadFault fault) ? fault : throw new JsonException("An unknown fault.");

    private static string? TextIn(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static DateTimeOffset? TimeIn(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) ? value.GetDateTimeOffset() : null;

    private static TimeSpan? SpanIn(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) ? TimeSpan.FromMilliseconds(value.GetInt64()) : null;

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            writer.WriteString(name, Rfc3339.Text(at));
        }
    }

    private static void WriteSpan(Utf8JsonWriter writer, string name, TimeSpan? span)
    {
        if (span is { } one)
        {
            writer.WriteNumber(name, (long)one.TotalMilliseconds);
        }
    }
}
