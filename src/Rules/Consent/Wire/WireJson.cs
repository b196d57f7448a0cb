using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Customer360.Rules.Events;

namespace Customer360.Rules.Consent.Wire;

/// <summary>Reads JSON that nobody has checked: a value of the wrong type is not there, and a broken text is none.</summary>
internal static class WireJson
{
    private const int LengthMax = 64 * 1024;

    private static readonly FrozenSet<string> s_no = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "false",
        "no",
        "denied",
        "deny",
        "off",
        "0"
    );

    /// <summary>The end of the year 9998, so that a day can still be added.</summary>
    private const long MillisecondsMax = 253_370_764_799_999;

    /// <summary>Null where the bytes are not one JSON value (with nothing behind it) or too many.</summary>
    public static JsonDocument? Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > LengthMax || !Utf8.IsValid(json))
        {
            return null;
        }

        JsonDocument? document = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            document = JsonDocument.ParseValue(ref reader);
            if (!reader.Read())
            {
                return document;
            }
        }
        catch (JsonException)
        {
            // There is no way to ask the reader without it; what it refuses is no form.
        }

        document?.Dispose();
        return null;
    }

    /// <summary>The members of an object; none where it is something else.</summary>
    public static JsonElement.ObjectEnumerator MembersOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default;

    /// <summary>The elements of an array; none where it is something else.</summary>
    public static JsonElement.ArrayEnumerator ElementsOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    /// <summary>The text; null of another type, or of a text with half of a surrogate pair.</summary>
    public static string? TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Unescape(JsonMarshal.GetRawUtf8Value(value)[1..^1]) : null;

    /// <summary>The member's name; null of a name with half of a surrogate pair.</summary>
    public static string? NameOf(JsonProperty member) => Unescape(JsonMarshal.GetRawUtf8PropertyName(member));

    /// <summary>
    /// True of that name, however it is escaped. The element's own comparison throws at a name with half of a surrogate pair.
    /// </summary>
    /// <param name="name">ASCII.</param>
    public static bool IsNamed(JsonProperty member, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return raw.Contains((byte)'\\') ? Ascii.Equals(name, Unescape(raw)) : raw.SequenceEqual(name);
    }

    /// <summary>
    /// A choice. A yes is <c>true</c> and nothing else; a no counts in whatever type it is written, since a person who says no must not
    /// be taken for one who said yes before. Null of anything else: it is nobody's choice.
    /// </summary>
    public static bool? BooleanOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when TextOf(value)?.Trim() is { } text && s_no.Contains(text) => false,
            JsonValueKind.Number when value.TryGetDouble(out double number) && number == 0 => false,
            _ => null,
        };

    /// <summary>True for <c>granted</c>, false for <c>denied</c>, null for anything else.</summary>
    public static bool? GrantOf(JsonElement value) =>
        TextOf(value) switch
        {
            "granted" => true,
            "denied" => false,
            _ => null,
        };

    /// <summary>
    /// The member of an object; not there (of kind undefined) where the object has none, has two of the name, or is no
    /// object.
    /// </summary>
    public static JsonElement MemberOf(JsonElement value, ReadOnlySpan<byte> name)
    {
        JsonElement found = default;
        foreach (JsonProperty member in MembersOf(value))
        {
            if (IsNamed(member, name))
            {
                if (found.ValueKind != JsonValueKind.Undefined)
                {
                    return default;
                }

                found = member.Value;
            }
        }

        return found;
    }

    /// <summary>There and not null.</summary>
    public static bool IsPresent(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The time of milliseconds since 1970; null where no calendar has it.</summary>
    public static DateTimeOffset? TimeOf(long milliseconds) =>
        milliseconds is >= 0 and <= MillisecondsMax ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private static string? Unescape(ReadOnlySpan<byte> content)
    {
        byte[] canonical = ArrayPool<byte>.Shared.Rent(content.Length);
        bool isWhole = JsonText.TryCanonicalize(content, canonical, out int written);
        string? text = isWhole ? JsonText.Read(canonical.AsSpan(0, written)) : null;
        ArrayPool<byte>.Shared.Return(canonical);
        return text;
    }
}
