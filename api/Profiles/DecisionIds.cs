using System.Buffers;

namespace Customer360.Api.Profiles;

/// <summary>Ids of decisions: <c>d_</c> and 32 hexadecimal digits.</summary>
internal static class DecisionIds
{
    private const int Length = 34;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    public static bool IsWellFormed(string text) =>
        text.Length == Length
        && text.StartsWith("d_", StringComparison.Ordinal)
        && text.AsSpan(2).IndexOfAnyExcept(s_digits) < 0;
}
