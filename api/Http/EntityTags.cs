using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Http;

/// <summary>Compares entity tags with <c>If-None-Match</c> (RFC 9110, 13.1.2).</summary>
internal static class EntityTags
{
    /// <summary>True where one of the header's tags is the current one (weakly compared), or <c>*</c> stands for any.</summary>
    public static bool Matches(StringValues ifNoneMatch, string current)
    {
        for (int index = 0; index < ifNoneMatch.Count; index++)
        {
            string? line = ifNoneMatch[index];
            if (
                line is not null
                && (string.Equals(line, current, StringComparison.Ordinal) || ListHolds(line, current))
            )
            {
                return true;
            }
        }

        return false;
    }

    private static bool ListHolds(ReadOnlySpan<char> line, ReadOnlySpan<char> current)
    {
        ReadOnlySpan<char> rest = line.Trim();
        if (rest is "*")
        {
            return true;
        }

        while (NextTag(ref rest, out ReadOnlySpan<char> tag))
        {
            if (tag.SequenceEqual(current))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the next quoted tag off the list, without its weakness: a comma may stand within the quotes.</summary>
    private static bool NextTag(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> tag)
    {
        tag = default;
        int opening = rest.IndexOf('"');
        if (opening < 0)
        {
            return false;
        }

        int length = rest[(opening + 1)..].IndexOf('"');
        if (length < 0)
        {
            return false;
        }

        tag = rest.Slice(opening, length + 2);
        rest = rest[(opening + length + 2)..];
        return true;
    }
}
