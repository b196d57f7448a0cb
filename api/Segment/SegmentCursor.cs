using System.Text.Json;

namespace Customer360.Api.Segment;

/// <summary>The <c>cursor</c> beside each of Segment's lists.</summary>
/// <param name="Url">The list's path.</param>
/// <param name="Next">What to send as <c>next</c> for the page behind; null on the last.</param>
internal readonly record struct SegmentCursor(string Url, string? Next, int Limit)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("cursor"u8);
        writer.WriteString("url"u8, Url);
        writer.WriteBoolean("has_more"u8, Next is not null);
        writer.WriteString("next"u8, Next ?? string.Empty);
        writer.WriteNumber("limit"u8, Limit);
        writer.WriteEndObject();
    }
}
