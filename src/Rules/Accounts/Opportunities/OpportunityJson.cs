using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Accounts;

/// <summary>Writes and reads deals as an account keeps them. What is null, false or empty is left out.</summary>
public static class OpportunityJson
{
    /// <summary>An array.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<Opportunity> opportunities)
    {
        writer.WriteStartArray();
        foreach (Opportunity opportunity in opportunities)
        {
            OpportunityFacts facts = opportunity.Facts;
            writer.WriteStartObject();
            writer.WriteString("source"u8, opportunity.Source);
            writer.WriteString("id"u8, opportunity.Id);
            writer.WriteString("at"u8, opportunity.At);
            writer.WriteString("receivedAt"u8, opportunity.Arrival.ReceivedAt);
            writer.WriteNumber("partition"u8, opportunity.Arrival.Place.Partition);
            writer.WriteNumber("position"u8, opportunity.Arrival.Place.Position);
            Write(writer, "name", facts.Name);
            Write(writer, "stage", facts.Stage);
            Write(writer, "amount", facts.AmountText);
            Write(writer, "currency", facts.Currency);
            Write(writer, "closeDate", facts.CloseDate);
            Write(writer, "owner", facts.Owner);
            Write(writer, "closed", facts.IsClosed);
            Write(writer, "won", facts.IsWon);
            Write(writer, "deleted", facts.IsDeleted);
            if (!facts.Contacts.IsEmpty)
            {
                writer.WriteStartArray("contacts"u8);
                foreach (OpportunityContact contact in facts.Contacts)
                {
                    writer.WriteStartObject();
                    writer.WriteString("identifier"u8, contact.Identifier.ToString());
                    Write(writer, "role", contact.Role);
                    Write(writer, "primary", contact.IsPrimary);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, ImmutableArray{Opportunity})"/> wrote.</summary>
    public static ImmutableArray<Opportunity> Read(JsonElement array) => [.. array.EnumerateArray().Select(ReadOne)];

    private static Opportunity ReadOne(JsonElement json) =>
        new(
            json.GetProperty("source"u8).GetString()!,
            json.GetProperty("id"u8).GetString()!,
            json.GetProperty("at"u8).GetDateTimeOffset(),
            new Arrival(
                json.GetProperty("receivedAt"u8).GetDateTimeOffset(),
                new LogPlace(json.GetProperty("partition"u8).GetInt32(), json.GetProperty("position"u8).GetInt64())
            ),
            new OpportunityFacts
            {
                Name = Text(json, "name"),
                Stage = Text(json, "stage"),
                AmountText = Text(json, "amount"),
                Currency = Text(json, "currency"),
                CloseDate = Text(json, "closeDate"),
                Owner = Text(json, "owner"),
                IsClosed = Flag(json, "closed"),
                IsWon = Flag(json, "won"),
                IsDeleted = Flag(json, "deleted"),
                Contacts = json.TryGetProperty("contacts"u8, out JsonElement contacts)
                    ?
                    [
                        .. contacts
                            .EnumerateArray()
                            .Select(contact => new OpportunityContact(
                                Identifier.Parse(contact.GetProperty("identifier"u8).GetString()!),
                                Text(contact, "role"),
                                Flag(contact, "primary")
                            )),
                    ]
                    : [],
            }
        );

    private static void Write(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, bool flag)
    {
        if (flag)
        {
            writer.WriteBoolean(name, true);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out _);
}
