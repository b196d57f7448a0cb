using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Http;

/// <summary>
/// What a header of a request says before it is said again in one of the answer: the server takes more than it sends, and fails
/// where it is given something that can't stand in a header.
/// </summary>
internal static class HeaderText
{
    // RFC 9110, 5.5: visible characters, spaces and tabs.
    private static readonly SearchValues<char> s_canBeSent = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code),
        '\t',
    ]);

    /// <summary>The first value that can't stand in a header of an answer, or null.</summary>
    public static string? FirstThatCanNotBeSent(StringValues values)
    {
        foreach (string? value in values)
        {
            if (value.AsSpan().ContainsAnyExcept(s_canBeSent))
            {
                return value;
            }
        }

        return null;
    }
}
