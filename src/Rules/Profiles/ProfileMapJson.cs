using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Profiles;

/// <summary>
/// The stored form of a <see cref="ProfileMap"/>: an array of
/// <c>{"identifier":"type:value","appliedTo":n,"evidence":{"messageId","source","at","ruleVersion","anchor"?,"claimed"?},"consent"?:{…},
/// "leads"?:["l_…"],"tallies"?:{…},"fold":{…}}</c>.
/// </summary>
public static class ProfileMapJson
{
    public static void Write(Utf8JsonWriter writer, ProfileMap map)
    {
        writer.WriteStartArray();
        foreach (ProfileEntry entry in map.Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("identifier"u8, entry.Identifier.ToString());
            writer.WriteNumber("appliedTo"u8, entry.AppliedTo);
            if (!entry.SetAside.IsEmpty)
            {
                writer.WriteStartArray("setAside"u8);
                foreach (long position in entry.SetAside)
                {
                    writer.WriteNumberValue(position);
                }

                writer.WriteEndArray();
            }

            writer.WriteStartObject("evidence"u8);
            writer.WriteString("messageId"u8, entry.Evidence.MessageId);
            writer.WriteString("source"u8, entry.Evidence.Source);
            writer.WriteString("at"u8, entry.Evidence.At);
            writer.WriteString("ruleVersion"u8, entry.Evidence.RuleVersion);
            if (entry.Evidence.Anchor is { } anchor)
            {
                writer.WriteString("anchor"u8, anchor.ToString());
            }

            if (entry.Evidence.IsClaimed)
            {
                writer.WriteBoolean("claimed"u8, true);
            }

            writer.WriteEndObject();
            if (!entry.Consent.IsEmpty)
            {
                writer.WritePropertyName("consent"u8);
                ConsentLedgerJson.Write(writer, entry.Consent);
            }

            if (!entry.Leads.IsEmpty)
            {
                writer.WriteStartArray("leads"u8);
                foreach (string lead in entry.Leads)
                {
                    writer.WriteStringValue(lead);
                }

                writer.WriteEndArray();
            }

            if (!entry.Tallies.IsEmpty)
            {
                writer.WritePropertyName("tallies"u8);
                EntryTalliesJson.Write(writer, entry.Tallies);
            }

            writer.WritePropertyName("fold"u8);
            entry.Fold.WriteJson(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the reader stands on the array's start.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ProfileMap Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A profile map is an array.");
        }

        var entries = ImmutableArray.CreateBuilder<ProfileEntry>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            entries.Add(ReadEntry(ref reader));
        }

        return ProfileMap.Of(entries);
    }

    private static ProfileEntry ReadEntry(ref Utf8JsonReader reader)
    {
        Identifier identifier = default;
        long appliedTo = 0;
        var setAside = ImmutableArray<long>.Empty;
        ImmutableArray<string> leads = [];
        LinkEvidence? evidence = null;
        ProfileFold fold = ProfileFold.Empty;
        ConsentLedger consent = ConsentLedger.Empty;
        EntryTallies tallies = EntryTallies.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("identifier"u8))
            {
                reader.Read();
                identifier = Identifier.Parse(reader.GetString()!);
            }
            else if (reader.ValueTextEquals("appliedTo"u8))
            {
                reader.Read();
                appliedTo = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("setAside"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                {
                    setAside = setAside.Add(reader.GetInt64());
                }
            }
            else if (reader.ValueTextEquals("evidence"u8))
            {
                reader.Read();
                evidence = ReadEvidence(ref reader);
            }
            else if (reader.ValueTextEquals("consent"u8))
            {
                reader.Read();
                consent = ConsentLedgerJson.Read(ref reader);
            }
            else if (reader.ValueTextEquals("leads"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    leads = leads.Add(reader.GetString()!);
                }
            }
            else if (reader.ValueTextEquals("tallies"u8))
            {
                reader.Read();
                tallies = EntryTalliesJson.Read(ref reader);
            }
            else if (reader.ValueTextEquals("fold"u8))
            {
                reader.Read();
                fold = ProfileFold.ReadJson(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new ProfileEntry(
            identifier,
            evidence ?? throw new JsonException("An entry of a profile map has no evidence."),
            appliedTo,
            fold
        )
        {
            SetAside = setAside,
            Consent = consent,
            Leads = leads,
            Tallies = tallies,
        };
    }

    private static LinkEvidence ReadEvidence(ref Utf8JsonReader reader)
    {
        string messageId = "";
        string source = "";
        DateTimeOffset at = default;
        string ruleVersion = "";
        Identifier? anchor = null;
        bool isClaimed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("messageId"u8))
            {
                reader.Read();
                messageId = reader.GetString()!;
            }
            else if (reader.ValueTextEquals("source"u8))
            {
                reader.Read();
                source = reader.GetString()!;
            }
            else if (reader.ValueTextEquals("at"u8))
            {
                reader.Read();
                at = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("ruleVersion"u8))
            {
                reader.Read();
                ruleVersion = reader.GetString()!;
            }
            else if (reader.ValueTextEquals("anchor"u8))
            {
                reader.Read();
                anchor = Identifier.Parse(reader.GetString()!);
            }
            else if (reader.ValueTextEquals("claimed"u8))
            {
                reader.Read();
                isClaimed = reader.GetBoolean();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new LinkEvidence(messageId, source, at, ruleVersion, anchor) { IsClaimed = isClaimed };
    }
}
