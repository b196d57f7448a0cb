using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Customer360.Rules.Warehouse;

/// <summary>
/// <c>{"format":1,"number","writtenAt","jobId","role","purpose","accessVersion","from"?,"positions":[{"partition","position"}],"tables":[{"name",
/// "rows","columns":[{"name","type"}],"files":[{"path","rows","checksum","bytes","sha256","date"?,"partition"?,"after"?,"to"?}]}]}</c>
/// </summary>
public static class MirrorManifestJson
{
    private const string DayFormat = "yyyy-MM-dd";

    public static byte[] Write(MirrorManifest manifest, IReadOnlyCollection<MirrorTable> tables)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("format"u8, MirrorManifest.Format);
        writer.WriteNumber("number"u8, manifest.Number);
        writer.WriteString("writtenAt"u8, manifest.WrittenAt.UtcDateTime);
        writer.WriteString("jobId"u8, manifest.JobId);
        writer.WriteString("role"u8, manifest.Role);
        writer.WriteString("purpose"u8, manifest.Purpose);
        writer.WriteString("accessVersion"u8, manifest.AccessVersion);
        if (manifest.From is { } from)
        {
            writer.WriteString("from"u8, from.ToString(DayFormat, CultureInfo.InvariantCulture));
        }

        writer.WriteStartArray("positions"u8);
        foreach ((int partition, long position) in manifest.Positions)
        {
            writer.WriteStartObject();
            writer.WriteNumber("partition"u8, partition);
            writer.WriteNumber("position"u8, position);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("tables"u8);
        foreach (
            IGrouping<string, MirrorPart> parts in manifest.Parts.GroupBy(part => part.Table, StringComparer.Ordinal)
        )
        {
            Write(writer, parts, tables.FirstOrDefault(table => table.Name == parts.Key));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">It is no manifest of this form.</exception>
    public static MirrorManifest Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("The manifest is not of this form.", error);
        }
    }

    private static MirrorManifest Read(JsonElement root) =>
        root.GetProperty("format"u8).GetInt32() != MirrorManifest.Format
            ? throw new JsonException("The manifest is of another format: a newer release has written it.")
            : new MirrorManifest
            {
                Number = root.GetProperty("number"u8).GetInt64(),
                WrittenAt = root.GetProperty("writtenAt"u8).GetDateTimeOffset(),
                JobId = root.GetProperty("jobId"u8).GetString()!,
                Role = root.GetProperty("role"u8).GetString()!,
                Purpose = root.GetProperty("purpose"u8).GetString()!,
                AccessVersion = root.GetProperty("accessVersion"u8).GetString()!,
                From = root.TryGetProperty("from"u8, out JsonElement from) ? DayOf(from) : null,
                Positions = root.GetProperty("positions"u8)
                    .EnumerateArray()
                    .ToImmutableSortedDictionary(
                        one => one.GetProperty("partition"u8).GetInt32(),
                        one => one.GetProperty("position"u8).GetInt64()
                    ),
                Parts =
                [
                    .. root.GetProperty("tables"u8)
                        .EnumerateArray()
                        .SelectMany(table =>
                            table
                                .GetProperty("files"u8)
                                .EnumerateArray()
                                .Select(file => ReadPart(table.GetProperty("name"u8).GetString()!, file))
                        ),
                ],
            };

    private static void Write(Utf8JsonWriter writer, IGrouping<string, MirrorPart> parts, MirrorTable? table)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, parts.Key);
        writer.WriteNumber("rows"u8, parts.Sum(part => part.Sum.Rows));
        writer.WriteStartArray("columns"u8);
        foreach (MirrorColumn column in table?.Columns ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, MirrorTypes.Text(column.Kind));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("files"u8);
        foreach (MirrorPart part in parts)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, part.Path);
            writer.WriteNumber("rows"u8, part.Sum.Rows);
            writer.WriteString("checksum"u8, part.Sum.HashText);
            writer.WriteNumber("bytes"u8, part.Bytes);
            writer.WriteString("sha256"u8, part.Sha256);
            if (part.Range is { } range)
            {
                writer.WriteString("date"u8, range.Day.ToString(DayFormat, CultureInfo.InvariantCulture));
                writer.WriteNumber("partition"u8, range.Partition);
                writer.WriteNumber("after"u8, range.After);
                writer.WriteNumber("to"u8, range.To);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static MirrorPart ReadPart(string table, JsonElement file) =>
        new(
            table,
            file.GetProperty("path"u8).GetString()!,
            new MirrorSum(
                file.GetProperty("rows"u8).GetInt64(),
                MirrorSum.HashOf(file.GetProperty("checksum"u8).GetString()!)
            ),
            file.GetProperty("bytes"u8).GetInt64(),
            file.GetProperty("sha256"u8).GetString()!
        )
        {
            Range = file.TryGetProperty("date"u8, out JsonElement day)
                ? new MirrorRange(
                    DayOf(day),
                    file.GetProperty("partition"u8).GetInt32(),
                    file.GetProperty("after"u8).GetInt64(),
                    file.GetProperty("to"u8).GetInt64()
                )
                : null,
        };

    private static DateOnly DayOf(JsonElement day) =>
        DateOnly.ParseExact(day.GetString()!, DayFormat, CultureInfo.InvariantCulture);
}

/// <summary>The words for what columns hold.</summary>
public static class MirrorTypes
{
    public static string Text(MirrorKind kind) =>
        kind switch
        {
            MirrorKind.Number => "bigint",
            MirrorKind.Flag => "boolean",
            MirrorKind.Time => "timestamp",
            MirrorKind.Json => "json",
            _ => "text",
        };
}
