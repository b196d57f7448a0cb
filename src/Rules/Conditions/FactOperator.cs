using System.Collections.Immutable;

namespace Customer360.Rules.Conditions;

/// <summary>How a fact is compared.</summary>
public enum FactOperator
{
    EqualTo = 1,

    /// <summary>Of a text or number: it is one of the values. Of a list: one of its items is.</summary>
    In = 2,

    /// <summary>Of a text: a part of it. Of a list: one of its items.</summary>
    Contains = 3,

    StartsWith = 4,
    EndsWith = 5,

    /// <summary>A regular expression finds something in the text. It runs without backtracking, in time linear in the text.</summary>
    Matches = 6,

    GreaterThan = 7,
    AtLeast = 8,
    LessThan = 9,
    AtMost = 10,

    /// <summary>There is a value, or there is none. Never unknown but of a fact that is withheld.</summary>
    Exists = 11,

    /// <summary>An instant that is not in the future and at most so many times 24 hours old.</summary>
    WithinDays = 12,

    /// <summary>It is another value than before; unknown where nobody knows what was before.</summary>
    Changed = 13,
}

/// <summary>The words of the operators in policy files.</summary>
internal static class FactOperators
{
    public static readonly ImmutableArray<(string Text, FactOperator Value)> Words =
    [
        ("equals", FactOperator.EqualTo),
        ("in", FactOperator.In),
        ("contains", FactOperator.Contains),
        ("startsWith", FactOperator.StartsWith),
        ("endsWith", FactOperator.EndsWith),
        ("matches", FactOperator.Matches),
        ("greaterThan", FactOperator.GreaterThan),
        ("atLeast", FactOperator.AtLeast),
        ("lessThan", FactOperator.LessThan),
        ("atMost", FactOperator.AtMost),
        ("exists", FactOperator.Exists),
        ("withinDays", FactOperator.WithinDays),
        ("changed", FactOperator.Changed),
    ];

    public static string TextOf(FactOperator value) => Words.First(word => word.Value == value).Text;

    /// <summary>True of operators that only texts have.</summary>
    public static bool IsOfText(FactOperator value) =>
        value is FactOperator.StartsWith or FactOperator.EndsWith or FactOperator.Matches;

    /// <summary>True of operators that need an order.</summary>
    public static bool IsOfOrder(FactOperator value) =>
        value is FactOperator.GreaterThan or FactOperator.AtLeast or FactOperator.LessThan or FactOperator.AtMost;
}
