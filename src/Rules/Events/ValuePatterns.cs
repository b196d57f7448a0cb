using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Events;

/// <summary>Regular expressions of values, matched in time linear in the value, whatever the pattern.</summary>
public sealed class ValuePatterns
{
    /// <summary>Characters of a pattern at most.</summary>
    public const int LengthMax = 500;

    // Linear in the value: a pattern of a settings file must not be able to hold up every message.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly ImmutableArray<Regex> _expressions;

    /// <exception cref="ArgumentException">A pattern is none that <see cref="FaultOf"/> finds nothing wrong with.</exception>
    public ValuePatterns(IEnumerable<string> patterns)
    {
        Patterns = [.. patterns.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (Patterns.FirstOrDefault(pattern => FaultOf(pattern) is not null) is { } wrong)
        {
            throw new ArgumentException(FaultOf(wrong), nameof(patterns));
        }

        _expressions = [.. Patterns.Select(pattern => new Regex(pattern, Options))];
    }

    public static ValuePatterns None { get; } = new([]);

    /// <summary>Each once, in order.</summary>
    public ImmutableArray<string> Patterns { get; }

    /// <summary>What is wrong with a pattern, in a sentence without the pattern; null where nothing is.</summary>
    public static string? FaultOf(string pattern)
    {
        if (pattern.Length > LengthMax)
        {
            return "A pattern has 500 characters at most.";
        }

        try
        {
            _ = new Regex(pattern, Options);
            return null;
        }
        catch (RegexParseException fault)
        {
            return $"The pattern is no regular expression: {fault.Error} at character {fault.Offset + 1}.";
        }
        catch (NotSupportedException)
        {
            return "The pattern can't be matched in linear time: no lookaround, no back reference, no atomic group, "
                + "and no repetition of thousands.";
        }
    }

    /// <summary>True where a pattern is found in the value.</summary>
    public bool Match(ReadOnlySpan<char> value)
    {
        // What is longer is no identifier anyway.
        if (value.Length > IdentifierNormalizer.LengthMax)
        {
            return false;
        }

        foreach (Regex expression in _expressions)
        {
            if (expression.IsMatch(value))
            {
                return true;
            }
        }

        return false;
    }
}
