using System.Collections.Immutable;

namespace Customer360.Rules.Identity;

/// <summary>
/// The regions of a grid and where a message's comes from: its source's (Segment, too, sets regions per source), else
/// <c>context.region</c>, else the default one.
/// </summary>
/// <remarks>
/// A source that has a region is confined to it: a write key that stands in a web page must not write into another
/// region because a message says so.
/// </remarks>
public sealed class Regions
{
    /// <summary>Regions at most.</summary>
    public const int CountMax = 16;

    /// <summary>Characters of a region's name at most.</summary>
    public const int NameLengthMax = 16;

    private readonly ImmutableSortedDictionary<string, string> _bySource;

    /// <param name="default">Of messages whose source and context name none.</param>
    /// <param name="names">All of them, the default among them.</param>
    /// <param name="bySource">The regions of sources, by the source's name.</param>
    /// <exception cref="ArgumentException">A region that is used is not among the names.</exception>
    public Regions(string @default, IEnumerable<string> names, IReadOnlyDictionary<string, string> bySource)
    {
        Default = @default;
        Names = [.. names.Order(StringComparer.Ordinal)];
        _bySource = bySource.ToImmutableSortedDictionary(StringComparer.Ordinal);
        if (!_bySource.Values.Append(@default).All(Has) || !Names.All(IsName))
        {
            throw new ArgumentException("A region has no name of this list, or one of another form.", nameof(names));
        }
    }

    public string Default { get; }

    /// <summary>In order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>By the source's name.</summary>
    public IReadOnlyDictionary<string, string> BySource => _bySource;

    public bool Has(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <summary>The region of a source; null where its messages may say it themselves.</summary>
    public string? OfSource(string source) => _bySource.GetValueOrDefault(source);

    /// <summary>1 to 16 lower-case letters, digits and hyphens, a letter first.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= NameLengthMax
        && char.IsAsciiLetterLower(text[0])
        && text.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-');
}

/// <summary>
/// A type as an identifier has it: <c>email</c> in the default region, <c>email@eu</c> in another. So the same address in
/// two regions is two identifiers, each with a grain, an owner and a history of its own; and only values of a type that is
/// <c>crossRegion</c>, which is never written with a region, can stand in messages of both.
/// </summary>
public static class RegionalType
{
    private const char Mark = '@';

    /// <summary>The type of a region other than the default one.</summary>
    public static string Of(string type, string region) => string.Concat(type, "@", region);

    /// <summary>The type without a region.</summary>
    public static string Base(string type) => type.IndexOf(Mark) is var mark and >= 0 ? type[..mark] : type;

    /// <summary>The region behind the type; null where there is none.</summary>
    public static string? Region(string type) => type.IndexOf(Mark) is var mark and >= 0 ? type[(mark + 1)..] : null;

    /// <summary>True where an identifier's type is this one, in whatever region.</summary>
    public static bool Is(string type, string ruleType) =>
        type.Length == ruleType.Length
            ? type == ruleType
            : type.Length > ruleType.Length
                && type[ruleType.Length] == Mark
                && type.StartsWith(ruleType, StringComparison.Ordinal);
}
