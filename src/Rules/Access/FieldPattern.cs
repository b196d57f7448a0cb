namespace Customer360.Rules.Access;

/// <summary>
/// Names fields: <c>address</c> is that field and everything inside it, <c>address.*</c> is what is inside it, <c>utm_*</c> is
/// what begins so. Upper and lower case differ, as they do in traits.
/// </summary>
/// <param name="Literal">What the path of a field must be or begin with.</param>
/// <param name="IsPrefix">The pattern ends with a star.</param>
public readonly record struct FieldPattern(string Literal, bool IsPrefix) : IComparable<FieldPattern>
{
    /// <summary>Characters at most.</summary>
    public const int LengthMax = 200;

    private const char Star = '*';
    private const char Dot = '.';

    /// <summary>
    /// Reads a pattern; null where it is none. A star alone is none: a field that nobody has named stays unclassified. Neither is
    /// the name of a class.
    /// </summary>
    public static FieldPattern? Parse(string text)
    {
        bool isPrefix = text.EndsWith(Star);
        string literal = isPrefix ? text[..^1] : text;
        return
            literal.Length is > 0 and <= LengthMax
            && literal[0] != Dot
            && (isPrefix || literal[^1] != Dot)
            && !literal.Contains(Star, StringComparison.Ordinal)
            && !literal.Any(char.IsControl)
            && FieldClasses.Of(text) is null
            ? new FieldPattern(literal, isPrefix)
            : null;
    }

    public bool Covers(ReadOnlySpan<char> path) =>
        path.StartsWith(Literal, StringComparison.Ordinal)
        && (IsPrefix || path.Length == Literal.Length || path[Literal.Length] == Dot);

    /// <summary>It may tell apart what is inside of a field.</summary>
    public bool IsInside(ReadOnlySpan<char> path) =>
        Literal.Length > path.Length
        && Literal.AsSpan().StartsWith(path, StringComparison.Ordinal)
        && Literal[path.Length] == Dot;

    /// <summary>The one that says more comes first, so of several that cover a field the first one counts.</summary>
    public int CompareTo(FieldPattern other)
    {
        int byLength = other.Literal.Length.CompareTo(Literal.Length);
        int byStar = IsPrefix.CompareTo(other.IsPrefix);
        return byLength != 0 ? byLength
            : byStar != 0 ? byStar
            : string.CompareOrdinal(Literal, other.Literal);
    }

    public override string ToString() => IsPrefix ? Literal + Star : Literal;

    public static bool operator <(FieldPattern left, FieldPattern right) => left.CompareTo(right) < 0;

    public static bool operator >(FieldPattern left, FieldPattern right) => left.CompareTo(right) > 0;

    public static bool operator <=(FieldPattern left, FieldPattern right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FieldPattern left, FieldPattern right) => left.CompareTo(right) >= 0;
}
