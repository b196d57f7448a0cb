using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Audit;

namespace Customer360.Rules.Keys;

/// <summary>The ring in JSON: as it is stored, and as nodes are given it. A reader passes over what it does not know.</summary>
public static class KeyRingJson
{
    /// <summary>What nodes are given: without what is for the audit.</summary>
    public static byte[] Copy(KeyRing ring)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, ring with { Unrecorded = [] });
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, KeyRing ring)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, ring.Number);
        json.WriteStartArray("keys"u8);
        foreach (StoredKey key in ring.Keys)
        {
            Write(json, key);
        }

        json.WriteEndArray();
        json.WriteStartArray("unrecorded"u8);
        foreach (AuditEntry entry in ring.Unrecorded)
        {
            Write(json, entry);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="JsonException">It is no ring; likewise <see cref="KeyNotFoundException"/> and others of the reader.</exception>
    public static KeyRing Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    public static KeyRing Read(JsonElement ring) =>
        new()
        {
            Number = ring.GetProperty("number"u8).GetInt64(),
            Keys = [.. ring.GetProperty("keys"u8).EnumerateArray().Select(ReadKey)],
            Unrecorded = [.. ring.GetProperty("unrecorded"u8).EnumerateArray().Select(ReadEntry)],
        };

    private static void Write(Utf8JsonWriter json, StoredKey key)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, key.Name);
        Write(json, "roles"u8, key.Roles);
        json.WriteString("createdAt"u8, key.CreatedAt);
        json.WriteString("createdBy"u8, key.CreatedBy);
        json.WriteString("source"u8, key.Source);
        if (key.Trust is { } trust)
        {
            json.WriteString("trust"u8, KeyWords.Of(trust));
        }

        Write(json, "purposes"u8, key.Purposes);
        Write(json, "origins"u8, key.Origins);
        Write(json, "addresses"u8, key.Addresses);
        WriteTime(json, "expiresAt"u8, key.ExpiresAt);
        WriteNumber(json, "requestsPerMinute"u8, key.RequestsPerMinute);
        WriteNumber(json, "requestsPerDay"u8, key.RequestsPerDay);
        json.WriteStartArray("secrets"u8);
        foreach (KeySecret secret in key.Secrets)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, secret.Id);
            json.WriteString("digest"u8, secret.Digest);
            json.WriteString("createdAt"u8, secret.CreatedAt);
            WriteTime(json, "until"u8, secret.Until);
            WriteNumber(json, "lastUsedDay"u8, secret.LastUsedDay);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static StoredKey ReadKey(JsonElement key) =>
        new(
            Text(key, "name"u8),
            List(key, "roles"u8),
            key.GetProperty("createdAt"u8).GetDateTimeOffset(),
            Text(key, "createdBy"u8)
        )
        {
            Source = Text(key, "source"u8),
            Trust = key.TryGetProperty("trust"u8, out JsonElement trust) ? KeyWords.TrustOf(trust.GetString()!) : null,
            Purposes = List(key, "purposes"u8),
            Origins = List(key, "origins"u8),
            Addresses = List(key, "addresses"u8),
            ExpiresAt = Time(key, "expiresAt"u8),
            RequestsPerMinute = Number(key, "requestsPerMinute"u8),
            RequestsPerDay = Number(key, "requestsPerDay"u8),
            Secrets = [.. key.GetProperty("secrets"u8).EnumerateArray().Select(ReadSecret)],
        };

    private static KeySecret ReadSecret(JsonElement secret) =>
        new(Text(secret, "id"u8), Text(secret, "digest"u8), secret.GetProperty("createdAt"u8).GetDateTimeOffset())
        {
            Until = Time(secret, "until"u8),
            LastUsedDay = Number(secret, "lastUsedDay"u8),
        };

    private static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, entry.Id);
        json.WriteString("at"u8, entry.At);
        json.WriteString("action"u8, entry.Action);
        json.WriteString("actorKind"u8, entry.Actor.Kind);
        json.WriteString("actorName"u8, entry.Actor.Name);
        json.WriteString("actorRoles"u8, entry.Actor.Roles);
        json.WriteString("objectType"u8, entry.ObjectType);
        json.WriteString("objectId"u8, entry.ObjectId);
        if (entry.RequestId is not null)
        {
            json.WriteString("requestId"u8, entry.RequestId);
        }

        json.WriteStartObject("details"u8);
        foreach ((string name, string value) in entry.Details)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static AuditEntry ReadEntry(JsonElement entry) =>
        new(
            Text(entry, "id"u8),
            entry.GetProperty("at"u8).GetDateTimeOffset(),
            Text(entry, "action"u8),
            new AuditActor(Text(entry, "actorKind"u8), Text(entry, "actorName"u8), Text(entry, "actorRoles"u8)),
            Text(entry, "objectType"u8),
            Text(entry, "objectId"u8)
        )
        {
            RequestId = entry.TryGetProperty("requestId"u8, out JsonElement request) ? request.GetString() : null,
            Details = entry
                .GetProperty("details"u8)
                .EnumerateObject()
                .ToImmutableSortedDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.Ordinal),
        };

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    private static string Text(JsonElement element, ReadOnlySpan<byte> name) => element.GetProperty(name).GetString()!;

    private static ImmutableArray<string> List(JsonElement element, ReadOnlySpan<byte> name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];

    private static DateTimeOffset? Time(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out JsonElement time) ? time.GetDateTimeOffset() : null;

    private static int? Number(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out JsonElement number) ? number.GetInt32() : null;
}
