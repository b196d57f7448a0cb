using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Segment;

/// <summary>A place among a user's messages, which <c>next</c> names: a page of the log, and where to go on within it.</summary>
/// <param name="Page">The page of the log.</param>
/// <param name="After">The message of that page that was shown last; null: begin with its first.</param>
internal sealed record SegmentEventsPlace(TimelineRequest Page, string? After)
{
    private const char Separator = '.';

    // Only the first page of a list has no cursor of the log; this time says so in a place.
    private static readonly TimelinePlace s_none = new(DateTimeOffset.MinValue, -1, -1);

    /// <summary>The place as text that can stand in a URL: a cursor of the log, a dot, the message's id.</summary>
    public string Write() =>
        string.Concat(
            ProfilesCursor.Write(Page, Page.Cursor ?? s_none),
            Separator.ToString(),
            CursorText.Write(After ?? string.Empty)
        );

    /// <summary>Reads what <see cref="Write"/> wrote; null where it did not.</summary>
    public static SegmentEventsPlace? Read(string text)
    {
        int separator = text.IndexOf(Separator, StringComparison.Ordinal);
        if (
            separator < 0
            || ProfilesCursor.Read(text[..separator], PageMessages) is not { } page
            || CursorText.Read(text.AsSpan(separator + 1)) is not { } after
        )
        {
            return null;
        }

        return new SegmentEventsPlace(
            page.Cursor == s_none ? page with { Cursor = null } : page,
            after.Length == 0 ? null : after
        );
    }

    /// <summary>Messages that a page of the log has.</summary>
    public const int PageMessages = 200;
}
