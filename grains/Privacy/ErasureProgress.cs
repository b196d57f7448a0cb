using System.Text.Json;

namespace Customer360.Grains;

/// <summary>What a pass looks through, in this order.</summary>
public enum ErasurePart
{
    /// <summary>The log: afterwards nothing is folded any more that mentions the erased.</summary>
    Log = 1,

    /// <summary>What was folded and is kept: customers, identifiers, accounts, lists, results of jobs.</summary>
    States = 2,

    /// <summary>Decisions: after the customers, since one that goes on with a broken off merge writes some.</summary>
    Decisions = 3,

    /// <summary>Places of messages that are gone.</summary>
    Quarantine = 4,

    /// <summary>The requests are told, and name their people no more.</summary>
    Tell = 5,

    /// <summary>The files of the store.</summary>
    Seal = 6,

    /// <summary>The requests are told that all is done.</summary>
    End = 7,

    /// <summary>The warehouse mirror, before the requests are told: it is made again from what is left.</summary>
    Mirror = 8,
}

/// <summary>Where a pass stands, and what it came to so far. Done again from here after a crash, a piece finds nothing left to do.</summary>
/// <param name="Part">What it is at.</param>
/// <param name="Number">Of the log the partition, of the states the kind's number.</param>
/// <param name="After">Where it goes on there.</param>
public sealed record ErasureProgress(ErasurePart Part, int Number, string After)
{
    public static ErasureProgress None { get; } = new(ErasurePart.Log, 0, "");

    /// <summary>Messages looked at.</summary>
    public long Messages { get; init; }

    public long MessagesRemoved { get; init; }

    /// <summary>Other people's messages of which a mention was taken out.</summary>
    public long MessagesRedacted { get; init; }

    /// <summary>Blocks of the log that were written anew, each once.</summary>
    public long BlocksRewritten { get; init; }

    public long DecisionsRemoved { get; init; }

    public long DecisionsRedacted { get; init; }

    /// <summary>States that had something of the erased.</summary>
    public long States { get; init; }
}

/// <summary><c>"erasure":{"part","number","after","messages","messagesRemoved",…}</c></summary>
internal static class ErasureProgressJson
{
    public static void Write(Utf8JsonWriter writer, ErasureProgress erasure)
    {
        writer.WriteStartObject("erasure"u8);
        writer.WriteString("part"u8, erasure.Part.ToString());
        writer.WriteNumber("number"u8, erasure.Number);
        writer.WriteString("after"u8, erasure.After);
        WriteCounts(writer, erasure);
        writer.WriteEndObject();
    }

    public static void WriteCounts(Utf8JsonWriter writer, ErasureProgress erasure)
    {
        writer.WriteNumber("messages"u8, erasure.Messages);
        writer.WriteNumber("messagesRemoved"u8, erasure.MessagesRemoved);
        writer.WriteNumber("messagesRedacted"u8, erasure.MessagesRedacted);
        writer.WriteNumber("blocksRewritten"u8, erasure.BlocksRewritten);
        writer.WriteNumber("decisionsRemoved"u8, erasure.DecisionsRemoved);
        writer.WriteNumber("decisionsRedacted"u8, erasure.DecisionsRedacted);
        writer.WriteNumber("states"u8, erasure.States);
    }

    public static ErasureProgress Read(JsonElement erasure) =>
        new(
            Enum.Parse<ErasurePart>(erasure.GetProperty("part"u8).GetString()!),
            erasure.GetProperty("number"u8).GetInt32(),
            erasure.GetProperty("after"u8).GetString()!
        )
        {
            Messages = erasure.GetProperty("messages"u8).GetInt64(),
            MessagesRemoved = erasure.GetProperty("messagesRemoved"u8).GetInt64(),
            MessagesRedacted = erasure.GetProperty("messagesRedacted"u8).GetInt64(),
            BlocksRewritten = erasure.GetProperty("blocksRewritten"u8).GetInt64(),
            DecisionsRemoved = erasure.GetProperty("decisionsRemoved"u8).GetInt64(),
            DecisionsRedacted = erasure.GetProperty("decisionsRedacted"u8).GetInt64(),
            States = erasure.GetProperty("states"u8).GetInt64(),
        };
}
