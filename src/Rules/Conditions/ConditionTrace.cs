using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Conditions;

/// <summary>Why a comparison came to unknown.</summary>
public enum ConditionDoubt
{
    None = 0,

    /// <summary>Nobody has said the fact.</summary>
    Missing = 1,

    /// <summary>The fact may not be seen.</summary>
    Withheld = 2,

    /// <summary>The fact is of another kind or currency, or a text is too long for a regular expression.</summary>
    OtherKind = 3,

    /// <summary>Nobody knows what the fact was before.</summary>
    NothingBefore = 4,
}

/// <summary>What a condition came to and the values that were compared.</summary>
/// <param name="Form">The word of the policy file: <c>all</c>, <c>any</c>, <c>not</c>, or the operator.</param>
/// <param name="Parts">Of <c>all</c>, <c>any</c> and <c>not</c>.</param>
public sealed record ConditionTrace(string Form, Truth Outcome, ImmutableArray<ConditionTrace> Parts)
{
    /// <summary>Of a comparison: the fact's name.</summary>
    public string? Fact { get; init; }

    /// <summary>Of a comparison: what the policy asks for.</summary>
    public ImmutableArray<FactValue> Wanted { get; init; } = [];

    /// <summary>Of a comparison: what the fact was.</summary>
    public FactValue? Actual { get; init; }

    /// <summary>Of a comparison with before: what the fact was then; null where nobody knows.</summary>
    public FactValue? Before { get; init; }

    public ConditionDoubt Doubt { get; init; }

    /// <summary>Of a comparison: the next time at which it may come to something else by itself; null: never.</summary>
    public DateTimeOffset? ChangesAt { get; init; }

    /// <summary>The comparisons in it, in the file's order.</summary>
    public IEnumerable<ConditionTrace> Comparisons =>
        Fact is null ? Parts.SelectMany(part => part.Comparisons) : [this];

    /// <summary>
    /// <c>{"form","outcome","parts":[…]}</c>, or of a comparison <c>{"form","outcome","fact","wanted":[…],"actual","before"?,"because"?,"changesAt"?}</c>,
    /// the values as <see cref="FactJson"/> writes them.
    /// </summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("form"u8, Form);
        writer.WriteString("outcome"u8, Word(Outcome.ToString()));
        if (Fact is null)
        {
            writer.WriteStartArray("parts"u8);
            foreach (ConditionTrace part in Parts)
            {
                part.WriteJson(writer);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString("fact"u8, Fact);
            writer.WriteStartArray("wanted"u8);
            foreach (FactValue value in Wanted)
            {
                FactJson.Write(writer, value);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("actual"u8);
            FactJson.Write(writer, Actual ?? FactValue.Missing);
            if (Before is not null)
            {
                writer.WritePropertyName("before"u8);
                FactJson.Write(writer, Before);
            }

            if (Doubt != ConditionDoubt.None)
            {
                writer.WriteString("because"u8, Word(Doubt.ToString()));
            }

            if (ChangesAt is { } changes)
            {
                writer.WriteString("changesAt"u8, Rfc3339.Text(changes));
            }
        }

        writer.WriteEndObject();
    }

    internal static ConditionTrace Of(string form, Truth outcome, ImmutableArray<ConditionTrace> parts) =>
        new(form, outcome, parts);

    internal static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
