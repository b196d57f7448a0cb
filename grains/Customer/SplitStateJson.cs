using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>The stored forms of what belongs to splits; parts of a customer's state.</summary>
internal static class SplitStateJson
{
    /// <summary><c>{"splitId","from","identifiers":["type:value"],"mergeId"?,"reason","by","at","separationId"?,
    /// "jobId"?,"stays"?:["type:value"]}</c></summary>
    public static void Write(Utf8JsonWriter writer, SplitUnderWay split)
    {
        writer.WriteStartObject();
        writer.WriteString("splitId"u8, split.SplitId);
        writer.WriteString("from"u8, split.From);
        writer.WriteIdentifiers("identifiers"u8, split.Identifiers);
        writer.WriteIfAny("mergeId"u8, split.MergeId);
        writer.WriteString("reason"u8, split.Reason);
        writer.WriteString("by"u8, split.By);
        writer.WriteString("at"u8, split.At);
        writer.WriteIfAny("separationId"u8, split.SeparationId);
        writer.WriteIfAny("jobId"u8, split.JobId);
        if (!split.Stays.IsEmpty)
        {
            writer.WriteIdentifiers("stays"u8, split.Stays);
        }

        writer.WriteEndObject();
    }

    public static SplitUnderWay ReadSplit(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement split = document.RootElement;
        return new SplitUnderWay(
            split.GetProperty("splitId"u8).GetString()!,
            split.GetProperty("from"u8).GetString()!,
            split.IdentifiersOf("identifiers"u8),
            split.TextOrNull("mergeId"u8),
            split.GetProperty("reason"u8).GetString()!,
            split.GetProperty("by"u8).GetString()!,
            split.GetProperty("at"u8).GetDateTimeOffset(),
            split.TextOrNull("separationId"u8)
        )
        {
            JobId = split.TextOrNull("jobId"u8),
            Stays = split.IdentifiersOf("stays"u8),
        };
    }

    /// <summary><c>[{"id","one":[…],"other":[…]}]</c></summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<Separation> separations)
    {
        writer.WriteStartArray();
        foreach (Separation separation in separations)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, separation.Id);
            writer.WriteIdentifiers("one"u8, separation.One);
            writer.WriteIdentifiers("other"u8, separation.Other);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<Separation> ReadSeparations(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(one => new Separation(
                    one.GetProperty("id"u8).GetString()!,
                    one.IdentifiersOf("one"u8),
                    one.IdentifiersOf("other"u8)
                )),
        ];
    }

    /// <summary><c>[{"splitId","to","separationId","entries":[…],"separations":[…]}]</c></summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<PendingRelease<ProfileMap>> releases)
    {
        writer.WriteStartArray();
        foreach (PendingRelease<ProfileMap> release in releases)
        {
            writer.WriteStartObject();
            writer.WriteString("splitId"u8, release.SplitId);
            writer.WriteString("to"u8, release.To);
            writer.WriteString("separationId"u8, release.SeparationId);
            writer.WritePropertyName("entries"u8);
            ProfileMapJson.Write(writer, release.Held);
            writer.WritePropertyName("separations"u8);
            Write(writer, release.Separations);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<PendingRelease<ProfileMap>> ReadReleases(ref Utf8JsonReader reader)
    {
        var releases = ImmutableArray.CreateBuilder<PendingRelease<ProfileMap>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            releases.Add(ReadRelease(ref reader));
        }

        return releases.DrainToImmutable();
    }

    private static PendingRelease<ProfileMap> ReadRelease(ref Utf8JsonReader reader)
    {
        string splitId = "";
        string to = "";
        string separationId = "";
        ProfileMap map = ProfileMap.Empty;
        ImmutableArray<Separation> separations = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "splitId":
                    splitId = reader.GetString()!;
                    break;
                case "to":
                    to = reader.GetString()!;
                    break;
                case "separationId":
                    separationId = reader.GetString()!;
                    break;
                case "entries":
                    map = ProfileMapJson.Read(ref reader);
                    break;
                case "separations":
                    separations = ReadSeparations(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new PendingRelease<ProfileMap>(splitId, to, separationId, map, separations);
    }
}
