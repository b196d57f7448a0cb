using System.Globalization;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Api.Quarantine;

/// <summary>
/// The opaque cursors of the quarantine's lists: the last item of the page before. One of an identifier is sealed, since the caller
/// may see only a mask of it.
/// </summary>
internal static class QuarantineCursors
{
    /// <param name="Part">The part of the list to go on with.</param>
    /// <param name="After">The last identifier of the page before, or null.</param>
    public sealed record IdentifierPlace(int Part, Identifier? After);

    /// <summary>Null where it is not one of ours.</summary>
    public static IdentifierPlace? ReadIdentifier(string cursor) =>
        Identifier.TryParse(cursor, out Identifier last)
            ? new IdentifierPlace(QuarantineList.PartOf(last), last)
            : null;

    public static string Write(QuarantinedPlace last) =>
        CursorText.Write(string.Create(CultureInfo.InvariantCulture, $"{last.Partition}-{last.Position}"));

    /// <summary>Null where it is not one of ours.</summary>
    public static MessagePlace? ReadMessage(string cursor)
    {
        string[] parts = CursorText.Read(cursor)?.Split('-') ?? [];
        return parts.Length == 2 ? ReadPlace(parts[0], parts[1]) : null;
    }

    /// <summary>A message's place of two texts; null where they are no partition and no position.</summary>
    public static MessagePlace? ReadPlace(string? partition, string? position) =>
        int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out long second)
            ? new MessagePlace(first, second)
            : null;
}
