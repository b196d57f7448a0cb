using Customer360.Rules.Identity;
using Microsoft.AspNetCore.Http.Features;

namespace Customer360.Api.Http;

/// <summary>Takes values that callers URL-encode out of the path exactly as they were meant.</summary>
internal static class PathValues
{
    /// <summary>The name of the route parameter that holds <c>type:value</c>.</summary>
    public const string Identifier = "identifier";

    /// <summary>The decoded value of a route parameter.</summary>
    /// <remarks>
    /// The server decodes the path before routing, all but <c>%2F</c>; so <c>a%2Fb</c> and <c>a%252Fb</c> look alike
    /// in the route value. Only a value with a percent sign can be such a case, and only then is the target as sent
    /// looked at: the segment that the server turned into the route value is decoded in full.
    /// </remarks>
    /// <param name="suffix">What the route has behind the parameter in the same segment, for example <c>:release</c>.</param>
    public static string? Value(HttpContext context, string parameter, string suffix = "")
    {
        if (context.Request.RouteValues[parameter] is not string value)
        {
            return null;
        }

        return value.Contains('%', StringComparison.Ordinal) ? DecodeFromTarget(context, value, suffix) : value;
    }

    /// <summary>
    /// The path's <c>type:value</c>, its type with the region that <c>?region=</c> names: <c>email@eu:…</c>. Without that
    /// parameter as the path has it.
    /// </summary>
    public static string? InRegion(HttpContext context, string suffix = "")
    {
        string? text = Value(context, Identifier, suffix);
        if (!context.Request.QueryString.HasValue)
        {
            return text;
        }

        string? region = QueryValues.Single(context.Request.Query, "region");
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return region is null || colon < 0 ? text : RegionalType.Of(text![..colon], region) + text[colon..];
    }

    private static string DecodeFromTarget(HttpContext context, string value, string suffix)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? string.Empty;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? target : target[..query];
        foreach (string segment in path.Split('/'))
        {
            if (string.Equals(DecodeAsServer(segment), value + suffix, StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(segment)[..^suffix.Length];
            }
        }

        // No segment gives the route value (a host that shows no raw target): what it decoded is all there is.
        return value;
    }

    private static string DecodeAsServer(string segment) =>
        Uri.UnescapeDataString(
            segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal)
        );
}
