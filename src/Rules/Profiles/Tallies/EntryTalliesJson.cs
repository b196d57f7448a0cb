using System.Text.Json;

namespace Customer360.Rules.Profiles.Tallies;

/// <summary>
/// The stored form of <see cref="EntryTallies"/>: <c>{"selection","countedTo","all":[{"selector","count","sum"?,"first":[…],"moments":[[ticks,
/// place,amount?,"word"?]],"days"?:[[day,count,sum]]}]}</c>. An amount that is 0 and has no word behind it is left out.
/// </summary>
internal static class EntryTalliesJson
{
    public static void Write(Utf8JsonWriter writer, EntryTallies tallies)
    {
        writer.WriteStartObject();
        writer.WriteString("selection"u8, tallies.Selection);
        writer.WriteNumber("countedTo"u8, tallies.CountedTo);
        writer.WriteStartArray("all"u8);
        foreach (Tally tally in tallies.All)
        {
            Write(writer, tally);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, EntryTallies)"/> wrote; the reader stands on the object's start.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static EntryTallies Read(ref Utf8JsonReader reader)
    {
        // Most customers have few of them, and who has none has no such member.
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        try
        {
            return new EntryTallies(
                root.GetProperty("selection"u8).GetString()!,
                root.GetProperty("countedTo"u8).GetInt64(),
                [.. root.GetProperty("all"u8).EnumerateArray().Select(ReadTally)]
            );
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("Not tallies.", error);
        }
    }

    private static void Write(Utf8JsonWriter writer, Tally tally)
    {
        writer.WriteStartObject();
        writer.WriteString("selector"u8, tally.Selector);
        writer.WriteNumber("count"u8, tally.Count);
        if (tally.Sum != 0)
        {
            writer.WriteNumber("sum"u8, Plain(tally.Sum));
        }

        writer.WritePropertyName("first"u8);
        Write(writer, tally.First);
        writer.WriteStartArray("moments"u8);
        foreach (Moment moment in tally.Moments)
        {
            Write(writer, moment);
        }

        writer.WriteEndArray();
        if (!tally.Days.IsEmpty)
        {
            writer.WriteStartArray("days"u8);
            foreach (DayTally day in tally.Days)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(day.Day);
                writer.WriteNumberValue(day.Count);
                writer.WriteNumberValue(Plain(day.Sum));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Moment moment)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(moment.Ticks);
        writer.WriteNumberValue(moment.Place);
        if (moment.Amount != 0 || moment.Word is not null)
        {
            writer.WriteNumberValue(Plain(moment.Amount));
        }

        if (moment.Word is not null)
        {
            writer.WriteStringValue(moment.Word);
        }

        writer.WriteEndArray();
    }

    private static Tally ReadTally(JsonElement json) =>
        Tally.Of(
            json.GetProperty("selector"u8).GetString()!,
            json.GetProperty("count"u8).GetInt64(),
            json.TryGetProperty("sum"u8, out JsonElement sum) ? sum.GetDecimal() : 0,
            ReadMoment(json.GetProperty("first"u8)),
            [.. json.GetProperty("moments"u8).EnumerateArray().Select(ReadMoment)],
            json.TryGetProperty("days"u8, out JsonElement days) ? [.. days.EnumerateArray().Select(ReadDay)] : []
        );

    private static Moment ReadMoment(JsonElement json)
    {
        int length = json.GetArrayLength();
        return new Moment(
            json[0].GetInt64(),
            json[1].GetInt64(),
            length > 2 ? json[2].GetDecimal() : 0,
            length > 3 ? json[3].GetString() : null
        );
    }

    private static DayTally ReadDay(JsonElement json) =>
        new(json[0].GetInt32(), json[1].GetInt64(), json[2].GetDecimal());

    // Equal numbers are written alike: a division by a one of many digits takes the zeros from the end.
    private static decimal Plain(decimal number) => number / 1.0000000000000000000000000000m;
}
