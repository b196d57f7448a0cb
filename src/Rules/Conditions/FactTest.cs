using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Conditions;

/// <summary>A comparison of one fact.</summary>
public sealed class FactTest : Condition
{
    /// <summary>Characters of a regular expression at most.</summary>
    public const int PatternLengthMax = 500;

    /// <summary>Characters of a text that a regular expression looks at; a longer one is unknown.</summary>
    public const int MatchedLengthMax = 4_096;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly Regex? _pattern;
    private readonly FrozenSet<string>? _texts;
    private readonly StringComparison _comparison;

    /// <param name="wanted">Of <c>in</c> any number, of all others one.</param>
    /// <exception cref="ArgumentException">The regular expression can't be read (also as NotSupportedException).</exception>
    public FactTest(
        string fact,
        FactOperator @operator,
        ImmutableArray<FactValue> wanted,
        bool orMissing = false,
        bool ignoresCase = false
    )
    {
        (Fact, Operator, Wanted, OrMissing, IgnoresCase) = (fact, @operator, wanted, orMissing, ignoresCase);
        _comparison = ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (@operator == FactOperator.Matches)
        {
            _pattern = ignoresCase
                ? new Regex(wanted[0].Text, Options | RegexOptions.IgnoreCase)
                : new Regex(wanted[0].Text, Options);
        }

        if (@operator == FactOperator.In && wanted.All(value => value.Kind == FactKind.Text))
        {
            _texts = wanted
                .Select(value => value.Text)
                .ToFrozenSet(ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        }
    }

    public string Fact { get; }

    public FactOperator Operator { get; }

    public ImmutableArray<FactValue> Wanted { get; }

    /// <summary>True: a missing fact makes it true. A withheld one never does.</summary>
    public bool OrMissing { get; }

    /// <summary>True: letters of different case are the same.</summary>
    public bool IgnoresCase { get; }

    public override IEnumerable<string> Facts => [Fact];

    public override Truth Evaluate(FactSet facts, DateTimeOffset at) => Compare(facts, at).Outcome;

    public override ConditionTrace Trace(FactSet facts, DateTimeOffset at)
    {
        (Truth outcome, ConditionDoubt doubt) = Compare(facts, at);
        return new ConditionTrace(FactOperators.TextOf(Operator), outcome, [])
        {
            Fact = Fact,
            Wanted = Wanted,
            Actual = facts[Fact],
            Before = Operator == FactOperator.Changed ? facts.Before?[Fact] : null,
            Doubt = doubt,
            ChangesAt = NextChange(facts, at),
        };
    }

    public override DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at) =>
        Earlier(facts.NextChangeOf(Fact, at), NextChangeByAge(facts, at));

    private DateTimeOffset? NextChangeByAge(FactSet facts, DateTimeOffset at)
    {
        if (Operator != FactOperator.WithinDays || facts[Fact] is not { Kind: FactKind.Instant, Instant: var instant })
        {
            return null;
        }

        if (instant > at)
        {
            return instant;
        }

        // Just so many days old still counts: the first tick after that no more.
        TimeSpan days = TimeSpan.FromDays((double)Wanted[0].Number);
        return instant < DateTimeOffset.MaxValue - days - TimeSpan.FromTicks(1) && instant + days >= at
            ? instant + days + TimeSpan.FromTicks(1)
            : null;
    }

    /// <summary>The same comparison of a value that is no named fact.</summary>
    public Truth Compare(FactValue actual, DateTimeOffset at) => Compare(actual, before: null, at).Outcome;

    public override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("fact"u8, Fact);
        writer.WritePropertyName(FactOperators.TextOf(Operator));
        if (Operator == FactOperator.In)
        {
            writer.WriteStartArray();
            foreach (FactValue value in Wanted)
            {
                FactJson.Write(writer, value);
            }

            writer.WriteEndArray();
        }
        else
        {
            FactJson.Write(writer, Wanted[0]);
        }

        if (OrMissing)
        {
            writer.WriteBoolean("orMissing"u8, true);
        }

        if (IgnoresCase)
        {
            writer.WriteBoolean("ignoreCase"u8, true);
        }

        writer.WriteEndObject();
    }

    private static (Truth Outcome, ConditionDoubt Doubt) Is(bool? outcome) =>
        outcome switch
        {
            null => (Truth.Unknown, ConditionDoubt.OtherKind),
            true => (Truth.True, ConditionDoubt.None),
            false => (Truth.False, ConditionDoubt.None),
        };

    private (Truth Outcome, ConditionDoubt Doubt) Compare(FactSet facts, DateTimeOffset at) =>
        Compare(facts[Fact], Operator == FactOperator.Changed ? facts.Before?[Fact] : null, at);

    private (Truth Outcome, ConditionDoubt Doubt) Compare(FactValue actual, FactValue? before, DateTimeOffset at)
    {
        if (actual.Kind == FactKind.Withheld)
        {
            return (Truth.Unknown, ConditionDoubt.Withheld);
        }

        if (Operator == FactOperator.Exists)
        {
            return Is(actual.IsKnown == (Wanted[0].Number != 0));
        }

        if (Operator == FactOperator.Changed)
        {
            return CompareWithBefore(actual, before);
        }

        if (actual.Kind == FactKind.Missing)
        {
            return OrMissing ? (Truth.True, ConditionDoubt.None) : (Truth.Unknown, ConditionDoubt.Missing);
        }

        return Is(
            Operator switch
            {
                FactOperator.EqualTo => actual.IsSameAs(Wanted[0], IgnoresCase),
                FactOperator.In => IsIn(actual),
                FactOperator.Contains => Contains(actual),
                FactOperator.StartsWith => TextOf(actual)?.StartsWith(Wanted[0].Text, _comparison),
                FactOperator.EndsWith => TextOf(actual)?.EndsWith(Wanted[0].Text, _comparison),
                FactOperator.Matches => TextOf(actual) is { Length: <= MatchedLengthMax } text
                    ? _pattern!.IsMatch(text)
                    : null,
                FactOperator.WithinDays => actual.Kind == FactKind.Instant ? IsWithin(actual.Instant, at) : null,
                _ => actual.CompareTo(Wanted[0]) is { } order ? IsOrdered(order) : null,
            }
        );
    }

    private (Truth Outcome, ConditionDoubt Doubt) CompareWithBefore(FactValue actual, FactValue? before)
    {
        if (before is null)
        {
            return (Truth.Unknown, ConditionDoubt.NothingBefore);
        }

        return before.Kind == FactKind.Withheld
            ? (Truth.Unknown, ConditionDoubt.Withheld)
            : Is(!actual.Equals(before) == (Wanted[0].Number != 0));
    }

    private static string? TextOf(FactValue value) => value.Kind == FactKind.Text ? value.Text : null;

    private bool? IsIn(FactValue actual)
    {
        if (actual.Kind != FactKind.List)
        {
            return IsOneOf(actual);
        }

        bool isAnyUnknown = false;
        foreach (FactValue item in actual.Items)
        {
            switch (IsOneOf(item))
            {
                case true:
                    return true;
                case null:
                    isAnyUnknown = true;
                    break;
            }
        }

        return isAnyUnknown ? null : false;
    }

    private bool? IsOneOf(FactValue actual)
    {
        if (_texts is not null)
        {
            return actual.Kind == FactKind.Text ? _texts.Contains(actual.Text) : null;
        }

        bool? found = null;
        foreach (FactValue value in Wanted)
        {
            bool? same = actual.IsSameAs(value, IgnoresCase);
            if (same == true)
            {
                return true;
            }

            found ??= same;
        }

        return found;
    }

    private bool? Contains(FactValue actual)
    {
        if (actual.Kind == FactKind.List)
        {
            return actual.Items.Any(item => item.IsSameAs(Wanted[0], IgnoresCase) == true);
        }

        return Wanted[0].Kind == FactKind.Text ? TextOf(actual)?.Contains(Wanted[0].Text, _comparison) : null;
    }

    private bool IsWithin(DateTimeOffset instant, DateTimeOffset at) =>
        instant <= at && at - instant <= TimeSpan.FromDays((double)Wanted[0].Number);

    private bool IsOrdered(int order) =>
        Operator switch
        {
            FactOperator.GreaterThan => order > 0,
            FactOperator.AtLeast => order >= 0,
            FactOperator.LessThan => order < 0,
            _ => order <= 0,
        };
}
