using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Events;

/// <summary>
/// Values that an operator has found to be no identifier, whatever their type: beside <see cref="Identifiers.Placeholders"/>,
/// which count always.
/// </summary>
public sealed class BlockedValues
{
    private readonly FrozenSet<string> _inAnyCase;
    private readonly FrozenSet<string> _inThisCase;
    private readonly int _lengthMax;
    private readonly ValuePatterns _patterns;

    /// <param name="inAnyCase">Values that are blocked however they are cased.</param>
    /// <param name="inThisCase">Values that are blocked as written.</param>
    /// <param name="patterns">Patterns of values that are blocked. Default: none.</param>
    public BlockedValues(IEnumerable<string> inAnyCase, IEnumerable<string> inThisCase, ValuePatterns? patterns = null)
    {
        _patterns = patterns ?? ValuePatterns.None;
        // As values are compared: however an operator has typed them.
        _inAnyCase = inAnyCase.Select(Identifiers.IdText.Of).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _inThisCase = inThisCase.Select(Identifiers.IdText.Of).ToFrozenSet(StringComparer.Ordinal);
        _lengthMax = _inAnyCase.Concat(_inThisCase).Select(value => value.Length).DefaultIfEmpty(0).Max();
        AnyCase =
        [
            .. _inAnyCase
                .Select(value => value.ToLowerInvariant())
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        Exact = [.. _inThisCase.Order(StringComparer.Ordinal)];
    }

    public static BlockedValues None { get; } = new([], []);

    /// <summary>All of it in a fixed order, a line each.</summary>
    public string Description => string.Join('\n', [.. AnyCase, .. Exact, .. Patterns]);

    /// <summary>Values that are blocked however they are cased, in lower case and order.</summary>
    public ImmutableArray<string> AnyCase { get; }

    /// <summary>Values that are blocked as written, in order.</summary>
    public ImmutableArray<string> Exact { get; }

    /// <summary>Patterns of values that are blocked, in order.</summary>
    public ImmutableArray<string> Patterns => _patterns.Patterns;

    /// <summary>These and more values, as written.</summary>
    public BlockedValues With(IEnumerable<string> values) => new(_inAnyCase, [.. _inThisCase, .. values], _patterns);

    /// <summary>True for a blocked value, bare or between quotes.</summary>
    public bool IsBlocked(string value)
    {
        ReadOnlySpan<char> bare = value.AsSpan().Trim();
        bare = Unquoted(bare);
        if (bare.Length <= _lengthMax)
        {
            string text = bare.Length == value.Length ? value : bare.ToString();
            if (_inThisCase.Contains(text) || _inAnyCase.Contains(text))
            {
                return true;
            }
        }

        return _patterns.Match(bare);
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value)
    {
        bool isQuoted = value.Length >= 2 && value[0] == value[^1] && value[0] is ('"' or '\'');
        return isQuoted ? value[1..^1].Trim() : value;
    }
}
