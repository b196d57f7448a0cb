using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Routing;

/// <summary>What became of a rule in a decision.</summary>
public enum RuleOutcome
{
    /// <summary>It decided.</summary>
    Fired = 1,

    /// <summary>Its condition is false.</summary>
    False = 2,

    /// <summary>Its condition is unknown, since something is missing, withheld or of another kind.</summary>
    Unknown = 3,

    /// <summary>Its condition is true, but nobody knows the owner that it names.</summary>
    NoOwner = 4,

    /// <summary>Its condition is true, but the lead was decided before it was asked.</summary>
    NotAsked = 5,
}

/// <summary>A rule and why it counted or not.</summary>
public sealed record RuleTrace(string Rule, RuleOutcome Outcome, ConditionTrace Condition);

/// <summary>The whole of a decision, for people.</summary>
public sealed record RoutingTrace(RoutingDecision Decision, ImmutableArray<RuleTrace> Rules)
{
    /// <summary>
    /// <c>{"outcome","person","pool","turn","queue","heldUntil","rule","answers":[{"situation","answer","name","person","because"}],
    /// "rules":[{"rule","outcome","if"}]}</c>; what does not apply is left out.
    /// </summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("outcome"u8, Word(Decision.Outcome));
        WriteText(writer, "person", Decision.PersonId);
        WriteText(writer, "pool", Decision.Pool);
        WriteText(writer, "turn", Decision.Turn is { } turn ? Word(turn) : null);
        WriteText(writer, "queue", Decision.Queue);
        if (Decision.HeldUntil is { } until)
        {
            writer.WriteString("heldUntil"u8, until);
        }

        WriteText(writer, "rule", Decision.Rule?.Name);
        writer.WriteStartArray("answers"u8);
        foreach (RoutingStep step in Decision.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("situation"u8, Word(step.Situation));
            writer.WriteString("answer"u8, Word(step.Answer.Kind));
            WriteText(writer, "name", step.Answer.Name.Length == 0 ? null : step.Answer.Name);
            WriteText(writer, "person", step.PersonId);
            WriteText(writer, "because", step.Because == Availability.Available ? null : Word(step.Because));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rules"u8);
        foreach (RuleTrace rule in Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("rule"u8, rule.Rule);
            writer.WriteString("outcome"u8, Word(rule.Outcome));
            writer.WritePropertyName("if"u8);
            rule.Condition.WriteJson(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal static RoutingTrace Of(RoutingPolicy policy, RoutingDecision decision)
    {
        var rules = ImmutableArray.CreateBuilder<RuleTrace>(policy.Rules.Length);
        bool isDecided =
            decision.RuleNumber < 0 && decision.Steps is [{ Situation: <= RoutingSituation.OpenOpportunity }, ..];
        for (int number = 0; number < policy.Rules.Length; number++)
        {
            RoutingRule rule = policy.Rules[number];
            ConditionTrace condition = rule.If.Trace(decision.Facts, decision.At);
            RuleOutcome outcome = condition.Outcome switch
            {
                Truth.False => RuleOutcome.False,
                Truth.Unknown => RuleOutcome.Unknown,
                _ when number == decision.RuleNumber => RuleOutcome.Fired,
                _ when isDecided => RuleOutcome.NotAsked,
                _ when !Router.CanAct(rule.Then, decision.Facts) => RuleOutcome.NoOwner,
                _ => RuleOutcome.NotAsked,
            };
            isDecided |= outcome is RuleOutcome.Fired or RuleOutcome.NotAsked;
            rules.Add(new RuleTrace(rule.Name, outcome, condition));
        }

        return new RoutingTrace(decision, rules.DrainToImmutable());
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
