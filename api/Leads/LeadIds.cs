using System.Buffers;

namespace Customer360.Api.Leads;

/// <summary>The lead that a path names.</summary>
internal static class LeadIds
{
    private const int Length = 34;
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Its id; null where it can be none, so that no grain is asked.</summary>
    /// <param name="suffix">What the route has behind it in the same segment.</param>
    public static string? Find(HttpContext context, string suffix = "") =>
        context.Request.RouteValues["leadId"] is string text
        && (suffix.Length == 0 || !text.EndsWith(suffix, StringComparison.Ordinal))
        && IsWellFormed(text)
            ? text
            : null;

    /// <summary>False of what no lead can be called.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length
        && text.StartsWith("l_", StringComparison.Ordinal)
        && !text.AsSpan(2).ContainsAnyExcept(s_digits);
}
