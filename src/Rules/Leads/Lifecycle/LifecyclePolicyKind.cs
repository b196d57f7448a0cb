using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Leads;

/// <summary><c>lifecycle.yaml</c>: what a lead is at which stage, and what moves it on.</summary>
public sealed class LifecyclePolicyKind() : PolicyKind<LifecyclePolicy>(KindName, BuiltInFile)
{
    public const string KindName = "lifecycle";

    private const string BuiltInFile = """
        owner: {team: sales-operations, contact: sales-operations}
        stages: [subscriber, lead, mql, sal, sql, opportunity, customer]
        exits:
          disqualified: [duplicate, invalid-data, not-a-fit, spam]
          recycled: [bad-timing, no-budget, no-response]
        reject: [bad-timing, duplicate, invalid-data, not-a-fit, not-mine]
        moves:
          - {name: accepted, from: [mql], to: sal, if: {fact: handoff, equals: accepted}}
          - {name: deal, from: [lead, mql, sal, sql], to: opportunity, if: {fact: openOpportunity, equals: true}}
          - {name: won, from: [lead, mql, sal, sql, opportunity], to: customer, if: {fact: opportunityWon, equals: true}}
        examples:
          - input: {stage: mql, lead: {handoff: accepted}}
            expect: {stage: sal}
        """;

    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public override bool NeedsOwner => true;

    public override bool WantsExamples => true;

    protected override LifecyclePolicy? Read(PolicyFile file) => new LifecyclePolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, LifecyclePolicy policy)
    {
        writer.WriteStartObject();
        Write(writer, "stages", policy.Stages);
        writer.WriteStartObject("exits"u8);
        foreach ((string exit, ImmutableArray<string> codes) in policy.Exits)
        {
            Write(writer, exit, codes);
        }

        writer.WriteEndObject();
        Write(writer, "reject", policy.RejectCodes);
        if (policy.Begins is { } begins)
        {
            writer.WritePropertyName("begins"u8);
            begins.WriteJson(writer);
        }

        if (!policy.Routed.IsEmpty)
        {
            Write(writer, "route", policy.Routed);
        }

        writer.WriteStartArray("moves"u8);
        foreach (LifecycleMove move in policy.Moves)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, move.Name);
            Write(writer, "from", move.From);
            writer.WriteString("to"u8, move.To);
            writer.WritePropertyName("if"u8);
            move.If.WriteJson(writer);
            Write(writer, "needs", move.Needs);
            if (move.Code is not null)
            {
                writer.WriteString("code"u8, move.Code);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary><c>input: {stage?, lead: {fact: value}, at?}</c> → <c>expect: {stage, moves}</c>, the names of the moves.</summary>
    protected override IReadOnlyDictionary<string, string> Decide(LifecyclePolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("stage", "lead", "at");
        FactSet facts = ExampleFacts.Read(input, "lead", LeadFacts.Catalog);
        DateTimeOffset at = ExampleFacts.ReadTime(input, "at") ?? s_noon;
        LifecycleHistory history = LifecycleHistory.Empty;
        if (input.Find("stage") is not null && input.RequiredText("stage") is { } stage)
        {
            if (!policy.IsStage(stage))
            {
                input.Fault("stage", "The file has no such stage.");
            }

            history = history.Add(new StageEntry(stage, at.AddDays(-1), StageSource.Person, "", Code: null, "example"));
        }

        LifecycleOutcome outcome = LifecycleRules.Evaluate(policy, history, facts, at, "example");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["stage"] = outcome.History.View(policy, at).Stage ?? "",
            ["moves"] = string.Join(", ", outcome.Steps.Select(step => step.Move.Name)),
        };
    }

    private static void Write(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
