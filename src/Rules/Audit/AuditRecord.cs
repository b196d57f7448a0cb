using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Audit;

/// <summary>An entry with the time at which it was written down, in the one form of bytes that the chain of hashes covers.</summary>
/// <param name="Entry">What was done.</param>
/// <param name="WrittenAt">By the clock of the process that wrote it, UTC. Entries of old messages tell of times long before.</param>
/// <remarks>
/// <c>{"action","actor":{"kind","name","roles"},"at","count"?,"details"?,"fields"?,"id","objectId","objectType","policyVersion"?,
/// "purpose"?,"requestId"?,"result"?,"writtenAt"}</c>: members by name, no white space, and no member that says what is said
/// without it. So equal records have equal bytes, and different ones differ.
/// </remarks>
public sealed record AuditRecord(AuditEntry Entry, DateTimeOffset WrittenAt)
{
    private const string Done = "done";

    /// <summary>The bytes that are stored, shown and hashed.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteString("action"u8, Entry.Action);
        writer.WriteStartObject("actor"u8);
        writer.WriteString("kind"u8, Entry.Actor.Kind);
        writer.WriteString("name"u8, Entry.Actor.Name);
        writer.WriteString("roles"u8, Entry.Actor.Roles);
        writer.WriteEndObject();
        writer.WriteString("at"u8, Entry.At.UtcDateTime);
        if (Entry.Count != 1)
        {
            writer.WriteNumber("count"u8, Entry.Count);
        }

        WriteDetails(writer);
        WriteFields(writer);
        writer.WriteString("id"u8, Entry.Id);
        writer.WriteString("objectId"u8, Entry.ObjectId);
        writer.WriteString("objectType"u8, Entry.ObjectType);
        WriteIfThere(writer, "policyVersion"u8, Entry.PolicyVersion);
        WriteIfThere(writer, "purpose"u8, Entry.Purpose);
        WriteIfThere(writer, "requestId"u8, Entry.RequestId);
        WriteIfThere(writer, "result"u8, Entry.Result == Done ? null : Entry.Result);
        writer.WriteString("writtenAt"u8, WrittenAt.UtcDateTime);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is no record: somebody has changed it.</exception>
    public static AuditRecord Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("It is no record of the audit log.", error);
        }
    }

    private static AuditRecord Read(JsonElement record)
    {
        JsonElement actor = record.GetProperty("actor"u8);
        return new AuditRecord(
            new AuditEntry(
                Text(record, "id"u8),
                record.GetProperty("at"u8).GetDateTimeOffset(),
                Text(record, "action"u8),
                new AuditActor(Text(actor, "kind"u8), Text(actor, "name"u8), Text(actor, "roles"u8)),
                Text(record, "objectType"u8),
                Text(record, "objectId"u8)
            )
            {
                Purpose = TextOrNull(record, "purpose"u8),
                PolicyVersion = TextOrNull(record, "policyVersion"u8),
                RequestId = TextOrNull(record, "requestId"u8),
                Result = TextOrNull(record, "result"u8) ?? Done,
                Count = record.TryGetProperty("count"u8, out JsonElement count) ? count.GetInt64() : 1,
                Fields = record.TryGetProperty("fields"u8, out JsonElement fields)
                    ? [.. fields.EnumerateArray().Select(field => field.GetString()!)]
                    : [],
                Details = record.TryGetProperty("details"u8, out JsonElement details)
                    ? details
                        .EnumerateObject()
                        .ToImmutableSortedDictionary(
                            detail => detail.Name,
                            detail => detail.Value.GetString()!,
                            StringComparer.Ordinal
                        )
                    : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
            },
            record.GetProperty("writtenAt"u8).GetDateTimeOffset()
        );
    }

    private void WriteDetails(Utf8JsonWriter writer)
    {
        if (Entry.Details.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("details"u8);
        // Another order of keys than ours would give equal records other bytes.
        foreach ((string name, string value) in Entry.Details.WithComparers(StringComparer.Ordinal))
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }

    private void WriteFields(Utf8JsonWriter writer)
    {
        if (Entry.Fields.IsDefaultOrEmpty)
        {
            return;
        }

        writer.WriteStartArray("fields"u8);
        foreach (string field in Entry.Fields)
        {
            writer.WriteStringValue(field);
        }

        writer.WriteEndArray();
    }

    private static void WriteIfThere(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.GetProperty(name).GetString() ?? throw new JsonException("It is no record of the audit log.");

    private static string? TextOrNull(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
