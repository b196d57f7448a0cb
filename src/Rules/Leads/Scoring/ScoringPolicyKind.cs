using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Leads;

/// <summary><c>scoring.yaml</c>: what gives points, how far they go, and how they fade.</summary>
public sealed class ScoringPolicyKind() : PolicyKind<ScoringPolicy>(KindName, BuiltInFile)
{
    public const string KindName = "scoring";

    private const string BuiltInFile = """
        owner: {team: sales-operations, contact: sales-operations}
        groups:
          fit: {min: -50, max: 50}
          intent: {max: 100}
        rules:
          - {name: unsubscribed, group: fit, points: -50, if: {fact: unsubscribed, equals: true}}
          - {name: demo, group: intent, points: 50, event: Demo Requested, countMax: 1, decay: {percent: 50, everyDays: 30}}
        tiers: {hot: 50, warm: 20}
        examples:
          - input: {events: [{event: Demo Requested}]}
            expect: {points: 50, tier: hot}
        """;

    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public override bool NeedsOwner => true;

    public override bool WantsExamples => true;

    protected override ScoringPolicy? Read(PolicyFile file) => new ScoringPolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, ScoringPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("groups"u8);
        foreach (ScoreGroup group in policy.Groups)
        {
            writer.WriteStartObject(group.Name);
            writer.WriteNumber("min"u8, group.Min);
            writer.WriteNumber("max"u8, group.Max);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("rules"u8);
        foreach (ScoreRule rule in policy.Rules)
        {
            Write(writer, rule);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("tiers"u8);
        foreach (ScoreTier tier in policy.Tiers)
        {
            writer.WriteNumber(tier.Name, tier.From);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>
    /// <c>input: {lead?: {fact: value}, events?: [{event, daysAgo?, properties?: {…}}], at?}</c> → <c>expect: {points, tier,</c> and each
    /// group's name<c>}</c>. Points are written without zeros at their end: <c>12.5</c>.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(ScoringPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("lead", "events", "at");
        FactSet facts = ExampleFacts.Read(input, "lead", LeadFacts.Catalog);
        DateTimeOffset at = ExampleFacts.ReadTime(input, "at") ?? s_noon;
        List<ScoreContribution> contributions = [];
        if (input.Find("events") is { } events)
        {
            if (events.Kind != ConfigKind.List)
            {
                input.Fault("events", "It must be a list of {event, daysAgo, properties}.");
            }

            foreach (ConfigNode node in events.Items)
            {
                ConfigSection one = example.Section(node, "event", "daysAgo", "properties");
                contributions.AddRange(
                    ScoringRules.ContributionsOf(
                        policy,
                        one.RequiredText("event") ?? "",
                        ExampleFacts.Read(one, "properties", LeadFacts.Properties),
                        at.AddDays(-(one.Whole("daysAgo", 0, 0, 10_000) ?? 0)),
                        string.Create(CultureInfo.InvariantCulture, $"example {contributions.Count}")
                    )
                );
            }
        }

        ScoreCard card = ScoringRules.Score(policy, contributions, facts, at);
        var outcome = card.Groups.ToDictionary(
            group => group.Group,
            group => Text(group.Points),
            StringComparer.Ordinal
        );
        outcome["points"] = Text(card.Points);
        outcome["tier"] = card.Tier ?? "";
        return outcome;
    }

    private static string Text(decimal points) => points.ToString("0.###", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, ScoreRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, rule.Name);
        writer.WriteString("group"u8, rule.Group);
        writer.WriteNumber("points"u8, rule.Points);
        if (rule.Event is not null)
        {
            writer.WriteString("event"u8, rule.Event);
        }

        writer.WritePropertyName("if"u8);
        rule.If.WriteJson(writer);
        writer.WriteStartObject("decay"u8);
        writer.WriteString("kind"u8, JsonNamingPolicy.CamelCase.ConvertName(rule.Decay.Kind.ToString()));
        writer.WriteNumber("days"u8, rule.Decay.Days);
        writer.WriteNumber("percent"u8, rule.Decay.Percent);
        writer.WriteEndObject();
        writer.WriteNumber("countMax"u8, rule.CountMax);
        if (rule.Since is { } since)
        {
            writer.WriteString("since"u8, Rfc3339.Text(since));
        }

        writer.WriteEndObject();
    }
}
