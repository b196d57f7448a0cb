using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Identifiers;

namespace Customer360.Rules.Events;

/// <summary>The id by which a repeat of a message is recognised, in its one spelling.</summary>
public static class MessageIds
{
    /// <summary>Characters at most; Segment drops messages with longer ones.</summary>
    public const int LengthMax = 100;

    private const string LongPrefix = "long-";

    // What can't be seen is taken out of the ids that senders write.
    private const string ReleasedPrefix = "\u0001released:";

    /// <summary>
    /// The id that is stored for one as sent; null for what is none, such as a placeholder. Of one that is too long 32
    /// hexadecimal digits of its SHA-256 behind <c>long-</c>, so that a repeat still has the same.
    /// </summary>
    public static string? Of(string sent)
    {
        string id = IdText.Of(sent);
        return Placeholders.Contains(id) || id.Contains('\uFFFD', StringComparison.Ordinal) ? null
            : id.Length > LengthMax ? Hash(id)
            : id;
    }

    /// <summary>Under which the log has a message that came out of quarantine: each place there is left once.</summary>
    /// <param name="place">Where it lay: <c>partition:position</c>.</param>
    public static string OfReleased(string place) => ReleasedPrefix + place;

    /// <inheritdoc cref="OfReleased(string)"/>
    public static string OfReleased(int partition, long position) => OfReleased(PlaceOf(partition, position));

    internal static string PlaceOf(int partition, long position) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition}:{position}");

    /// <summary>
    /// The id of an envelope's message as it was sent, where that is another text: under it a release stored the message that
    /// knew nothing of spellings. Null where it is the same, or none.
    /// </summary>
    public static string? AsSent(Envelope envelope)
    {
        ReadOnlySpan<byte> message = EnvelopeText.MessageOf(envelope.Json.Span);
        JsonSlice field = MessageFields.Find(message).MessageId;
        string sent = field.Type == JsonTokenType.String ? JsonText.Read(field.ContentOf(message)) : "";
        return sent.Length is > 0 and <= LengthMax && sent != envelope.MessageId ? sent : null;
    }

    /// <summary>The message's own id; null where it has none that can be used. Then one is derived.</summary>
    internal static string? Read(ReadOnlySpan<byte> message, JsonSlice field, ref LeftOutParts leftOut)
    {
        if (!field.IsTextOrNumber)
        {
            if (field.IsPresent)
            {
                leftOut.Add("messageId", LeftOutReasons.WrongType);
            }

            return null;
        }

        string sent = IdText.Of(field.ContentOf(message), field.Type == JsonTokenType.Number);
        string? id = Of(sent);
        if (sent.Length > 0 && (id is null || sent.Length > LengthMax))
        {
            leftOut.Add("messageId", id is null ? LeftOutReasons.Placeholder : LeftOutReasons.TooLong);
        }

        return id;
    }

    private static string Hash(string id) =>
        LongPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16));
}
