using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Events;

/// <summary>
/// Values that are no identifier although they stand in an identifier's place: what a sender's code writes when it has
/// none. One of them taken for an id would join thousands of strangers in one customer.
/// </summary>
/// <remarks>
/// Sources (facts/identity-semantics.md): PostHog's lists of illegal ids, with its quoted variants; Segment Unify's
/// suggested blocks <c>^[0-]*$</c>, <c>-1</c>, <c>null</c>, <c>anonymous</c>; and ours, the words with which
/// Objective-C, Ruby, Go and SQL print "nothing".
/// </remarks>
public sealed class BlockedValues
{
    private static readonly string[] InAnyCase =
    [
        "anonymous",
        "guest",
        "distinctid",
        "distinct_id",
        "id",
        "not_authenticated",
        "email",
        "undefined",
        "true",
        "false",
    ];

    private static readonly string[] InThisCase =
    [
        "[object Object]",
        "NaN",
        "None",
        "none",
        "null",
        "0",
        "-1",
        "NULL",
        "(null)",
        "<null>",
        "nil",
        "<nil>",
    ];

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
        _inAnyCase = inAnyCase.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _inThisCase = inThisCase.ToFrozenSet(StringComparer.Ordinal);
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

    /// <summary>The lists above.</summary>
    public static BlockedValues Default { get; } = new(InAnyCase, InThisCase);

    /// <summary>Values that are blocked however they are cased, in lower case and order.</summary>
    public ImmutableArray<string> AnyCase { get; }

    /// <summary>Values that are blocked as written, in order.</summary>
    public ImmutableArray<string> Exact { get; }

    /// <summary>Patterns of values that are blocked, in order.</summary>
    public ImmutableArray<string> Patterns => _patterns.Patterns;

    /// <summary>The default lists and more values, as written.</summary>
    public BlockedValues With(IEnumerable<string> values) => new(_inAnyCase, [.. _inThisCase, .. values], _patterns);

    /// <summary>
    /// True for a blocked value, bare or between quotes, for a blank one, and for one of zeros and hyphens only.
    /// </summary>
    public bool IsBlocked(string value)
    {
        ReadOnlySpan<char> bare = value.AsSpan().Trim();
        bare = Unquoted(bare);
        if (bare.IndexOfAnyExcept('0', '-') < 0)
        {
            return true;
        }

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
