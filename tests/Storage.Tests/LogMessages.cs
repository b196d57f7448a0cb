using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Tests;

/// <summary>Messages for tests.</summary>
internal static class LogMessages
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static LogAppend Message(
        long position,
        string? messageId = null,
        string anchor = "email:jane@example.com",
        double seconds = 0
    ) =>
        new(
            position,
            messageId ?? $"m-{position}",
            anchor,
            Noon.AddSeconds(seconds),
            Encoding.UTF8.GetBytes($$"""{ "position" : {{position}}, "name":"Zoë \u00fc \ud83d\ude00" }""")
        );

    /// <summary>Consecutive messages with ids of their own.</summary>
    public static ImmutableArray<LogAppend> Range(
        long first,
        int count,
        string anchor = "email:jane@example.com",
        string prefix = "m"
    ) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => Message(first + index, $"{prefix}-{first + index}", anchor, seconds: first + index)),
        ];
}
