using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Routing;

/// <summary><c>routing.yaml</c>: who gets which lead. It is asked for each lead and decides without a person.</summary>
public sealed class RoutingPolicyKind() : PolicyKind<RoutingPolicy>(KindName, BuiltInFile)
{
    public const string KindName = "routing";

    private const string BuiltInFile = """
        owner: {team: sales-operations, contact: sales-operations}
        queues: [unassigned]
        answers: {otherwise: {queue: unassigned}}
        examples:
          - name: without rules a person looks at each lead
            input: {lead: {source: webinar}}
            expect: {to: queue unassigned}
        """;

    // A Monday noon, for examples that name no time.
    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public override bool NeedsOwner => true;

    public override bool WantsExamples => true;

    /// <summary>A rule with its examples takes some lines, and there may be hundreds.</summary>
    public override int CharactersMax => 1024 * 1024;

    public override ImmutableArray<string> Overridable => ["answers", "sla"];

    protected override RoutingPolicy? Read(PolicyFile file) => new RoutingPolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, RoutingPolicy policy) =>
        RoutingPolicyJson.Write(writer, policy);

    /// <summary>
    /// <c>input: {lead: {fact: value}, at?, people?: [ids], onLeave?: [ids], inactive?: [ids], full?: [ids], outsideHours?: [ids],
    /// excluded?: [ids]}</c> → <c>expect: {to, rule, because}</c>. <c>to</c> is <c>person ann</c>, <c>queue triage</c> or <c>hold ann</c>;
    /// <c>rule</c> is empty where an answer decided; <c>because</c> lists the answers. Whoever the policy names is in the team.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(RoutingPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section(
            "lead",
            "at",
            "people",
            "onLeave",
            "inactive",
            "full",
            "outsideHours",
            "excluded"
        );
        FactSet facts = ExampleFacts.Read(input, "lead", RoutingFacts.Catalog);
        DateTimeOffset at = ExampleFacts.ReadTime(input, "at") ?? s_noon;
        var team = new ExampleTeam(policy, facts, input, at);
        FrozenSet<string> excluded = input.Texts("excluded").Select(text => text.Text).ToFrozenSet();
        RoutingDecision decision = Router.Decide(
            policy,
            facts,
            team.State,
            ImmutableDictionary<string, PoolLedger>.Empty,
            at,
            excluded
        );
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["to"] = decision.Outcome switch
            {
                RoutingOutcome.Queued => $"queue {decision.Queue}",
                RoutingOutcome.Held => $"hold {decision.PersonId ?? decision.Pool}",
                _ => $"person {decision.PersonId}",
            },
            ["rule"] = decision.Rule?.Name ?? "",
            ["because"] = string.Join(
                ", ",
                decision.Steps.Select(step => JsonNamingPolicy.CamelCase.ConvertName(step.Situation.ToString()))
            ),
        };
    }
}
