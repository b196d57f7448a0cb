namespace Customer360.Rules.Events;

/// <summary>The words of the tracking API for its kinds of calls.</summary>
public static class EventKinds
{
    private const int LengthMax = 8;

    /// <summary>The word on the wire: <c>track</c>.</summary>
    public static string Text(EventKind kind) =>
        kind switch
        {
            EventKind.Identify => "identify",
            EventKind.Track => "track",
            EventKind.Page => "page",
            EventKind.Screen => "screen",
            EventKind.Group => "group",
            EventKind.Alias => "alias",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An unknown kind."),
        };

    /// <summary>The kind of a word as a sender may write it, in whatever case and with white space around it; or null.</summary>
    public static EventKind? ParseSent(ReadOnlySpan<byte> word)
    {
        word = word.Trim(" \t"u8);
        Span<byte> lower = stackalloc byte[LengthMax];
        return
            word.Length <= LengthMax
            && System.Text.Ascii.ToLower(word, lower, out int length) == System.Buffers.OperationStatus.Done
            ? Parse(lower[..length])
            : null;
    }

    /// <summary>The kind of a word, as written in the spec (lower case), or null.</summary>
    public static EventKind? Parse(ReadOnlySpan<byte> word) =>
        word switch
        {
            _ when word.SequenceEqual("track"u8) => EventKind.Track,
            _ when word.SequenceEqual("identify"u8) => EventKind.Identify,
            _ when word.SequenceEqual("page"u8) => EventKind.Page,
            _ when word.SequenceEqual("screen"u8) => EventKind.Screen,
            _ when word.SequenceEqual("group"u8) => EventKind.Group,
            _ when word.SequenceEqual("alias"u8) => EventKind.Alias,
            _ => null,
        };
}
