using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Audiences;

/// <summary><c>audiences.yaml</c>: who is in which audience, traits that are worked out of events, and what is shown to whom.</summary>
public sealed class AudiencePolicyKind() : PolicyKind<AudiencePolicy>(KindName, BuiltInFile)
{
    public const string KindName = "audiences";

    private const string BuiltInFile = """
        owner: {team: marketing, contact: marketing}
        # How soon a change of membership is to be known, where an audience says nothing else.
        freshness: 5m
        audiences: []
        """;

    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public override bool NeedsOwner => true;

    public override bool WantsExamples => true;

    /// <summary>A thousand audiences have their room.</summary>
    public override int CharactersMax => 1024 * 1024;

    protected override AudiencePolicy? Read(PolicyFile file) => new AudiencePolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, AudiencePolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("audiences"u8);
        foreach (AudienceDefinition audience in policy.Audiences)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, audience.Name);
            writer.WriteString("purpose"u8, audience.Purpose);
            writer.WriteString("team"u8, audience.Owner.Team);
            writer.WriteString("contact"u8, audience.Owner.Contact);
            writer.WriteNumber("freshnessSeconds"u8, (long)audience.Freshness.TotalSeconds);
            writer.WriteNumber("minimumStaySeconds"u8, (long)audience.MinimumStay.TotalSeconds);
            writer.WriteNumber("holdout"u8, audience.HoldoutPercent);
            if (audience.Description is not null)
            {
                writer.WriteString("description"u8, audience.Description);
            }

            writer.WritePropertyName("if"u8);
            audience.If.WriteJson(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("traits"u8);
        foreach (ComputedTrait trait in policy.Traits.Values.OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, trait.Name);
            trait.Value.WriteJson(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("decisions"u8);
        foreach (Placement placement in policy.Placements)
        {
            Write(writer, placement);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>
    /// <c>input: {facts?: {fact: value}, events?: [{event|page|screen, daysAgo?, minutesAgo?, properties?: {…}}], at?}</c> → <c>expect: {in: [audience, …]}</c>, in
    /// the order of names, and each computed trait's value by its name.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(AudiencePolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("facts", "events", "at");
        FactSet known = ExampleFacts.Read(input, "facts", AudienceCatalog.Of([]));
        DateTimeOffset at = ExampleFacts.ReadTime(input, "at") ?? s_noon;
        var tallies = new Dictionary<string, Tally>(StringComparer.Ordinal);
        if (input.Find("events") is { } events)
        {
            if (events.Kind != ConfigKind.List)
            {
                input.Fault("events", "It must be a list of {event, daysAgo, properties}.");
            }

            for (int index = 0; index < events.Items.Length; index++)
            {
                Count(policy, example, events.Items[index], index, at, tallies);
            }
        }

        var facts = new AudienceFacts(() => known, tallies.GetValueOrDefault, policy.Traits, at);
        AudienceOutcome outcome = AudienceRules.Decide(
            policy,
            new AudienceSubject("c_example", AudienceStandings.Empty),
            facts,
            policy.Index.All,
            default,
            at,
            "example"
        );
        Dictionary<string, string> found = policy.Traits.Values.ToDictionary(
            trait => trait.Name,
            trait => facts[$"{AudienceFacts.ComputedPrefix}{trait.Name}"].ToString(),
            StringComparer.Ordinal
        );
        found["in"] = string.Join(", ", outcome.Standings.Members.Select(member => member.Audience));
        return found;
    }

    private static void Count(
        AudiencePolicy policy,
        PolicyExample example,
        ConfigNode node,
        int index,
        DateTimeOffset at,
        Dictionary<string, Tally> tallies
    )
    {
        ConfigSection one = example.Section(node, "event", "page", "screen", "daysAgo", "minutesAgo", "properties");
        string kind =
            one.Find("page") is not null ? "page"
            : one.Find("screen") is not null ? "screen"
            : "event";
        string name = one.RequiredText(kind) ?? "";
        DateTimeOffset then = at.AddDays(-(one.Whole("daysAgo", 0, 0, 10_000) ?? 0))
            .AddMinutes(-(one.Whole("minutesAgo", 0, 0, 1_000_000) ?? 0));
        FactSet properties = ExampleFacts.Read(one, "properties", Leads.LeadFacts.Properties);
        EventKind of =
            kind == "event" ? EventKind.Track
            : kind == "page" ? EventKind.Page
            : EventKind.Screen;
        foreach (
            (string selector, Moment moment) in policy.Selection.Meet(
                of,
                name,
                then,
                properties,
                new LogPlace(0, index)
            )
        )
        {
            tallies[selector] = tallies.TryGetValue(selector, out Tally? tally)
                ? tally.With(moment)
                : Tally.Of(selector, moment);
        }
    }

    private static void Write(Utf8JsonWriter writer, Placement placement)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, placement.Name);
        writer.WriteString("purpose"u8, placement.Purpose);
        writer.WriteNumber("control"u8, placement.ControlPercent);
        writer.WriteString("otherwise"u8, placement.Otherwise);
        writer.WriteStartArray("rules"u8);
        foreach (DecisionRule rule in placement.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, rule.Name);
            writer.WritePropertyName("if"u8);
            rule.If.WriteJson(writer);
            writer.WriteStartObject("shares"u8);
            foreach (VariantShare share in rule.Shares)
            {
                writer.WriteNumber(share.Variant, share.Weight);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
