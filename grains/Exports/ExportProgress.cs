using System.Globalization;
using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>How far an export is, apart from what the mirror's manifest says.</summary>
/// <param name="IsCleared">What was there before is thrown away: not a second time after a crash.</param>
public sealed record ExportProgress(bool IsCleared)
{
    public static ExportProgress None { get; } = new(IsCleared: false);
}

/// <summary><c>"export":{"tables":[…],"from"?,"to"?,"fresh"?:true,"refresh"?:true,"cleared"?:true}</c></summary>
internal static class ExportOrderJson
{
    private const string DayFormat = "yyyy-MM-dd";

    public static void Write(Utf8JsonWriter writer, ExportOrder order, ExportProgress progress)
    {
        writer.WriteStartObject("export"u8);
        writer.WriteStartArray("tables"u8);
        foreach (string table in order.Tables)
        {
            writer.WriteStringValue(table);
        }

        writer.WriteEndArray();
        WriteDay(writer, "from", order.From);
        WriteDay(writer, "to", order.To);
        WriteFlag(writer, "fresh", order.IsFresh);
        WriteFlag(writer, "refresh", order.IsRefresh);
        WriteFlag(writer, "cleared", progress.IsCleared);
        writer.WriteEndObject();
    }

    public static (ExportOrder Order, ExportProgress Progress) Read(JsonElement export) =>
        (
            new ExportOrder(
                [.. export.GetProperty("tables"u8).EnumerateArray().Select(one => one.GetString()!)],
                DayOf(export, "from"),
                DayOf(export, "to"),
                export.TryGetProperty("fresh"u8, out _),
                export.TryGetProperty("refresh"u8, out _)
            ),
            new ExportProgress(export.TryGetProperty("cleared"u8, out _))
        );

    private static void WriteDay(Utf8JsonWriter writer, string name, DateOnly? day)
    {
        if (day is { } known)
        {
            writer.WriteString(name, known.ToString(DayFormat, CultureInfo.InvariantCulture));
        }
    }

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool flag)
    {
        if (flag)
        {
            writer.WriteBoolean(name, true);
        }
    }

    private static DateOnly? DayOf(JsonElement export, string name) =>
        export.TryGetProperty(name, out JsonElement day)
            ? DateOnly.ParseExact(day.GetString()!, DayFormat, CultureInfo.InvariantCulture)
            : null;
}
