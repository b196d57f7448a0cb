using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Customer360.Rules.Routing;

/// <summary>
/// A team as canonical JSON: <c>{"people":{id:{"active"?,"capacity"?,"weight"?,"manager"?,"skills"?,"territories"?,
/// "callers"?,"leave"?:[{"from","until"}],"zone","week":[[…]],"days"?:{date:[…]}}}}</c>. What is as usual is left out; the week begins on Sunday.
/// </summary>
internal static class SalesTeamJson
{
    public static void Write(Utf8JsonWriter writer, SalesTeam team)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("people"u8);
        foreach (SalesPerson person in team.People)
        {
            writer.WriteStartObject(person.Id);
            Write(writer, person);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, SalesPerson person)
    {
        if (!person.IsActive)
        {
            writer.WriteBoolean("active"u8, false);
        }

        if (person.Capacity is { } capacity)
        {
            writer.WriteNumber("capacity"u8, capacity);
        }

        if (person.Weight != 1)
        {
            writer.WriteNumber("weight"u8, person.Weight);
        }

        if (person.Manager is { } manager)
        {
            writer.WriteString("manager"u8, manager);
        }

        WriteNames(writer, "skills", person.Skills);
        WriteNames(writer, "territories", person.Territories);
        WriteNames(writer, "callers", person.Callers);
        if (!person.Leave.IsEmpty)
        {
            writer.WriteStartArray("leave"u8);
            foreach (LeaveSpan span in person.Leave)
            {
                writer.WriteStartObject();
                writer.WriteString("from"u8, span.From.UtcDateTime);
                writer.WriteString("until"u8, span.Until.UtcDateTime);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        WriteHours(writer, person.Calendar);
    }

    private static void WriteHours(Utf8JsonWriter writer, WorkingCalendar calendar)
    {
        writer.WriteString("zone"u8, calendar.Zone.Id);
        writer.WriteStartArray("week"u8);
        foreach (ImmutableArray<HoursSpan> day in calendar.Week)
        {
            WriteDay(writer, day);
        }

        writer.WriteEndArray();
        if (calendar.Exceptions.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("days"u8);
        foreach ((DateOnly date, ImmutableArray<HoursSpan> day) in calendar.Exceptions)
        {
            writer.WritePropertyName(date.ToString("O", CultureInfo.InvariantCulture));
            WriteDay(writer, day);
        }

        writer.WriteEndObject();
    }

    private static void WriteDay(Utf8JsonWriter writer, ImmutableArray<HoursSpan> day)
    {
        writer.WriteStartArray();
        foreach (HoursSpan span in day)
        {
            writer.WriteStringValue(span.ToString());
        }

        writer.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, FrozenSet<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (string one in names.Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(one);
        }

        writer.WriteEndArray();
    }
}
