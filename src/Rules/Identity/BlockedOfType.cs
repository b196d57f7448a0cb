using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>Values that are no identifier of one type although they have its form: <c>test@test.com</c>.</summary>
public sealed class BlockedOfType
{
    private readonly FrozenSet<string> _exact;
    private readonly ValuePatterns _patterns;

    /// <param name="exact">Values as the rules have them.</param>
    /// <param name="patterns">Patterns that are looked for in the normal form.</param>
    /// <param name="normalisation">How values of the type are compared.</param>
    public BlockedOfType(IEnumerable<string> exact, ValuePatterns patterns, Normalisation normalisation)
    {
        Exact = [.. exact.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _exact = Exact
            .Select(value => IdentifierNormalizer.NormalOf(value, normalisation))
            .ToFrozenSet(StringComparer.Ordinal);
        _patterns = patterns;
    }

    public static BlockedOfType None { get; } = new([], ValuePatterns.None, Normalisation.Exact);

    /// <summary>Each once, in order.</summary>
    public ImmutableArray<string> Exact { get; }

    /// <summary>Each once, in order.</summary>
    public ImmutableArray<string> Patterns => _patterns.Patterns;

    /// <summary>True where the value, in normal form, is blocked.</summary>
    public bool Contains(string normal) => _exact.Contains(normal) || _patterns.Match(normal);
}
