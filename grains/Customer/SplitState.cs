using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>A split under way, as the customer that gets the identifiers keeps it.</summary>
/// <param name="Identifiers">What was asked for; of an undoing: what the customer brought.</param>
/// <param name="MergeId">Of an undoing: the merge.</param>
/// <param name="SeparationId">Set once the entries are ours.</param>
public sealed record SplitUnderWay(
    string SplitId,
    string From,
    ImmutableArray<Identifier> Identifiers,
    string? MergeId,
    string Reason,
    string By,
    DateTimeOffset At,
    string? SeparationId
)
{
    /// <summary>The job that asked for it, or null. Then there is no separation, and its id is empty.</summary>
    public string? JobId { get; init; }

    /// <summary>What stays with the other customer in any case.</summary>
    public ImmutableArray<Identifier> Stays { get; init; } = [];
}

/// <summary>What a customer has given away and the younger one has not confirmed yet.</summary>
public sealed record PendingRelease(
    string SplitId,
    string To,
    string SeparationId,
    ProfileMap Map,
    ImmutableArray<Separation> Separations
);

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
        WriteIdentifiers(writer, "identifiers"u8, split.Identifiers);
        WriteIfAny(writer, "mergeId"u8, split.MergeId);
        writer.WriteString("reason"u8, split.Reason);
        writer.WriteString("by"u8, split.By);
        writer.WriteString("at"u8, split.At);
        WriteIfAny(writer, "separationId"u8, split.SeparationId);
        WriteIfAny(writer, "jobId"u8, split.JobId);
        if (!split.Stays.IsEmpty)
        {
            WriteIdentifiers(writer, "stays"u8, split.Stays);
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
            ReadIdentifiers(split.GetProperty("identifiers"u8)),
            TextOrNull(split, "mergeId"u8),
            split.GetProperty("reason"u8).GetString()!,
            split.GetProperty("by"u8).GetString()!,
            split.GetProperty("at"u8).GetDateTimeOffset(),
            TextOrNull(split, "separationId"u8)
        )
        {
            JobId = TextOrNull(split, "jobId"u8),
            Stays = split.TryGetProperty("stays"u8, out JsonElement stays) ? ReadIdentifiers(stays) : [],
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
            WriteIdentifiers(writer, "one"u8, separation.One);
            WriteIdentifiers(writer, "other"u8, separation.Other);
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
                    ReadIdentifiers(one.GetProperty("one"u8)),
                    ReadIdentifiers(one.GetProperty("other"u8))
                )),
        ];
    }

    /// <summary><c>[{"splitId","to","separationId","entries":[…],"separations":[…]}]</c></summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<PendingRelease> releases)
    {
        writer.WriteStartArray();
        foreach (PendingRelease release in releases)
        {
            writer.WriteStartObject();
            writer.WriteString("splitId"u8, release.SplitId);
            writer.WriteString("to"u8, release.To);
            writer.WriteString("separationId"u8, release.SeparationId);
            writer.WritePropertyName("entries"u8);
            ProfileMapJson.Write(writer, release.Map);
            writer.WritePropertyName("separations"u8);
            Write(writer, release.Separations);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<PendingRelease> ReadReleases(ref Utf8JsonReader reader)
    {
        var releases = ImmutableArray.CreateBuilder<PendingRelease>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            releases.Add(ReadRelease(ref reader));
        }

        return releases.DrainToImmutable();
    }

    private static PendingRelease ReadRelease(ref Utf8JsonReader reader)
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

        return new PendingRelease(splitId, to, separationId, map, separations);
    }

    private static void WriteIdentifiers(
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        ImmutableArray<Identifier> identifiers
    )
    {
        writer.WriteStartArray(name);
        foreach (Identifier identifier in identifiers)
        {
            writer.WriteStringValue(identifier.ToString());
        }

        writer.WriteEndArray();
    }

    private static ImmutableArray<Identifier> ReadIdentifiers(JsonElement list) =>
        [.. list.EnumerateArray().Select(text => Identifier.Parse(text.GetString()!))];

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string? TextOrNull(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
