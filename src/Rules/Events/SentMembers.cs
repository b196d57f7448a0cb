using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>
/// Looks for members in JSON that was checked and stands as sent: names may be escaped, and of one name the last counts.
/// </summary>
internal static class SentMembers
{
    /// <summary>The value of a member; the default where it is no object, or has none of that name.</summary>
    /// <param name="json">A value.</param>
    /// <param name="wanted">ASCII, without what JSON escapes.</param>
    public static JsonSlice Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> wanted)
    {
        JsonSlice found = default;
        var reader = new CheckedReader(json);
        bool isObject = reader.TryEnter(JsonTokenType.StartObject);
        while (isObject && reader.TryReadName(out ReadOnlySpan<byte> name, out bool isEscaped))
        {
            Take(ref found, wanted, name, isEscaped, reader.Take());
        }

        return found;
    }

    /// <summary>Takes the next member of an object, in their order, into <paramref name="found"/> if it is the wanted one.</summary>
    public static void Take(
        ref JsonSlice found,
        ReadOnlySpan<byte> wanted,
        ReadOnlySpan<byte> name,
        bool isEscaped,
        JsonSlice value
    ) => found = IsNamed(name, isEscaped, wanted) ? value : found;

    /// <summary>True for the wanted name, however it is written.</summary>
    /// <remarks>A name with half of a surrogate pair in it is another name.</remarks>
    public static bool IsNamed(ReadOnlySpan<byte> name, bool isEscaped, ReadOnlySpan<byte> wanted)
    {
        if (!isEscaped)
        {
            return name.SequenceEqual(wanted);
        }

        // An escape stands for something, and is longer than that.
        int plain = name.IndexOf((byte)'\\');
        return name.Length > wanted.Length
            && plain < wanted.Length
            && wanted.StartsWith(name[..plain])
            && System.Text.Ascii.Equals(wanted, JsonText.Read(name));
    }

    /// <summary>The value as a text; null where it is none, as half of a surrogate pair makes it.</summary>
    public static string? Text(ReadOnlySpan<byte> json, JsonSlice value) =>
        value.Type == JsonTokenType.String ? Unescaped(value.Of(json)) : null;

    private static string? Unescaped(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON allows writing it, but it is no text.
            return null;
        }
    }
}
