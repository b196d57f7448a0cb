using System.Globalization;
using Customer360.Grains.Contracts;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Endpoints;

/// <summary>Entity tags of profiles (RFC 9110, 8.8.3) and their comparison with <c>If-None-Match</c> (13.1.2).</summary>
internal static class ProfilesEntityTag
{
    /// <summary>
    /// A strong tag: the customer, its version and the mastership policy say every byte of a profile's plain form. The
    /// built-in policy is not named.
    /// </summary>
    public static string Of(ProfileReply profile) =>
        profile.PolicyTag is null
            ? string.Create(CultureInfo.InvariantCulture, $"\"{profile.CustomerId}-{profile.Version}\"")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"\"{profile.CustomerId}-{profile.Version}-{profile.PolicyTag}\""
            );

    /// <summary>The verbose form has other bytes, so it has a tag of its own.</summary>
    /// <param name="policyTag">Of the mastership policy, or null for the built-in one.</param>
    public static string OfVerbose(string customerId, long version, string? policyTag) =>
        policyTag is null
            ? string.Create(CultureInfo.InvariantCulture, $"\"{customerId}-{version}-verbose\"")
            : string.Create(CultureInfo.InvariantCulture, $"\"{customerId}-{version}-{policyTag}-verbose\"");

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
