using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Api.Payloads;

/// <summary>
/// The opaque cursors of the quarantine's lists: the last item of the page before. They pick a page of what the caller may
/// read anyway, so they need no signature.
/// </summary>
internal static class QuarantineCursors
{
    /// <param name="Part">The part of the list to go on with.</param>
    /// <param name="After">The last identifier of the page before, or null.</param>
    public sealed record IdentifierPlace(int Part, Identifier? After);

    public static string Write(Identifier last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last.ToString()));

    /// <summary>Null where it is not one of ours.</summary>
    public static IdentifierPlace? ReadIdentifier(string cursor) =>
        Identifier.TryParse(Decode(cursor), out Identifier last)
            ? new IdentifierPlace(QuarantineList.PartOf(last), last)
            : null;

    public static string Write(QuarantinedPlace last) =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.Partition}-{last.Position}"))
        );

    /// <summary>Null where it is not one of ours.</summary>
    public static MessagePlace? ReadMessage(string cursor)
    {
        string[] parts = Decode(cursor)?.Split('-') ?? [];
        return parts.Length == 2 ? ReadPlace(parts[0], parts[1]) : null;
    }

    /// <summary>A message's place of two texts; null where they are no partition and no position.</summary>
    public static MessagePlace? ReadPlace(string? partition, string? position) =>
        int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out long second)
            ? new MessagePlace(first, second)
            : null;

    private static string? Decode(string cursor) =>
        Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;
}
