using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Rules.Keys;

namespace Customer360.Api.Keys;

/// <summary>Writes keys: all but their secrets, of which one is shown when it is made.</summary>
internal static class KeysAnswer
{
    /// <param name="secret">The secret that was made now; null: none is shown.</param>
    public static void Write(Utf8JsonWriter json, StoredKey key, DateTimeOffset now, string? secret = null)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, key.Name);
        if (secret is not null)
        {
            json.WriteString("key"u8, secret);
        }

        json.WriteString("status"u8, key.ExpiresAt <= now ? "expired" : "active");
        Write(json, "roles"u8, key.Roles);
        Write(json, "sources"u8, key.Source.Length > 0 ? [key.Source] : [key.Name]);
        if (key.Trust is { } trust)
        {
            json.WriteString("trust"u8, KeyWords.Of(trust));
        }

        Write(json, "purposes"u8, key.Purposes);
        Write(json, "origins"u8, key.Origins);
        Write(json, "addresses"u8, key.Addresses);
        json.WriteTime("createdAt"u8, key.CreatedAt);
        json.WriteString("createdBy"u8, key.CreatedBy);
        WriteTime(json, "expiresAt"u8, key.ExpiresAt);
        WriteNumber(json, "requestsPerMinute"u8, key.RequestsPerMinute);
        WriteNumber(json, "requestsPerDay"u8, key.RequestsPerDay);
        WriteDay(json, key.Secrets.Max(one => one.LastUsedDay));
        json.WriteStartArray("secrets"u8);
        foreach (KeySecret one in key.Secrets.Where(one => one.Until is null || one.Until > now))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, one.Id);
            json.WriteTime("createdAt"u8, one.CreatedAt);
            WriteTime(json, "until"u8, one.Until);
            WriteDay(json, one.LastUsedDay);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

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
            json.WriteTime(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteDay(Utf8JsonWriter json, int? day) =>
        json.WriteString(
            "lastUsedOn"u8,
            day is { } number
                ? DateOnly.FromDayNumber(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : null
        );
}
