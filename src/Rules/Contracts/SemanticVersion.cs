using System.Globalization;

namespace Customer360.Rules.Contracts;

/// <summary>The version of a contract: <c>MAJOR.MINOR.PATCH</c>.</summary>
public readonly record struct SemanticVersion(int Major, int Minor, int Patch) : IComparable<SemanticVersion>
{
    private const int PartMax = 9_999;

    /// <summary>Null where the text is none.</summary>
    public static SemanticVersion? Parse(string text)
    {
        string[] parts = text.Split('.');
        return
            parts.Length == 3
            && Part(parts[0]) is { } major
            && Part(parts[1]) is { } minor
            && Part(parts[2]) is { } patch
            ? new SemanticVersion(major, minor, patch)
            : null;
    }

    /// <summary>True where the text, as senders write it, means this version: <c>2</c>, <c>2.1</c> or <c>2.1.0</c>.</summary>
    public bool IsMeantBy(string sent)
    {
        string[] parts = sent.Split('.');
        return parts.Length is >= 1 and <= 3
            && Part(parts[0]) == Major
            && (parts.Length < 2 || Part(parts[1]) == Minor)
            && (parts.Length < 3 || Part(parts[2]) == Patch);
    }

    public int CompareTo(SemanticVersion other) =>
        (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    // "01" is no part: the same version would have two spellings.
    private static int? Part(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int part)
        && part <= PartMax
        && (text.Length == 1 || text[0] != '0')
            ? part
            : null;
}
