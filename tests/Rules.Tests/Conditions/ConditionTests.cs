using System.Text;
using System.Text.Json;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Tests.Conditions;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("{fact: territory, equals: emea}", "territory: emea", Truth.True)]
    [InlineData("{fact: territory, equals: EMEA}", "territory: emea", Truth.False)]
    [InlineData("{fact: territory, equals: EMEA, ignoreCase: true}", "territory: emea", Truth.True)]
    [InlineData("{fact: territory, equals: 01069}", "territory: \"01069\"", Truth.True)]
    [InlineData("{fact: territory, in: [emea, apac]}", "territory: apac", Truth.True)]
    [InlineData("{fact: territory, in: [emea, apac]}", "territory: amer", Truth.False)]
    [InlineData("{fact: territory, contains: me}", "territory: emea", Truth.True)]
    [InlineData("{fact: territory, startsWith: em}", "territory: emea", Truth.True)]
    [InlineData("{fact: territory, endsWith: em}", "territory: emea", Truth.False)]
    [InlineData("{fact: territory, matches: '^e.+a$'}", "territory: emea", Truth.True)]
    [InlineData("{fact: territory, matches: '^E', ignoreCase: true}", "territory: emea", Truth.True)]
    [InlineData("{fact: score, atLeast: 50}", "score: 50.0", Truth.True)]
    [InlineData("{fact: score, greaterThan: 50}", "score: 50", Truth.False)]
    [InlineData("{fact: score, lessThan: 50.5}", "score: 50.4", Truth.True)]
    [InlineData("{fact: score, atMost: -1}", "score: 0", Truth.False)]
    [InlineData("{fact: score, in: [1, 2.0]}", "score: 2", Truth.True)]
    [InlineData("{fact: vip, equals: true}", "vip: true", Truth.True)]
    [InlineData("{fact: vip, exists: false}", "vip: false", Truth.False)]
    [InlineData("{fact: interests, contains: grid}", "interests: [grid, api]", Truth.True)]
    [InlineData("{fact: interests, in: [cloud, api]}", "interests: [grid, api]", Truth.True)]
    [InlineData("{fact: interests, in: [cloud]}", "interests: [grid, api]", Truth.False)]
    [InlineData("{fact: deal, atLeast: {minor: 100, currency: EUR}}", "deal: {minor: 101, currency: EUR}", Truth.True)]
    [InlineData("{fact: custom.plan, equals: pro}", "custom.plan: pro", Truth.True)]
    [InlineData("{fact: custom.seats, equals: 5}", "custom.seats: 5", Truth.True)]
    public void Evaluate_OfAKnownFact_Compares(string condition, string facts, Truth outcome) =>
        Assert.Equal(outcome, Facts.Condition(condition).Evaluate(Facts.Of(facts), Facts.Now));

    [Theory]
    // Nobody has said it, and who may not see it can't say.
    [InlineData("{fact: territory, equals: emea}", "score: 1", Truth.Unknown)]
    [InlineData("{not: {fact: territory, equals: emea}}", "score: 1", Truth.Unknown)]
    [InlineData("{fact: territory, equals: emea, orMissing: true}", "score: 1", Truth.True)]
    [InlineData("{not: {fact: territory, equals: emea, orMissing: true}}", "score: 1", Truth.False)]
    [InlineData("{fact: territory, equals: emea, orMissing: true}", "territory: {withheld: true}", Truth.Unknown)]
    [InlineData("{fact: territory, exists: true}", "score: 1", Truth.False)]
    [InlineData("{fact: territory, exists: false}", "score: 1", Truth.True)]
    [InlineData("{fact: territory, exists: true}", "territory: {withheld: true}", Truth.Unknown)]
    // Other kinds and currencies are not compared: a text is no number, whatever it looks like.
    [InlineData("{fact: custom.seats, equals: 5}", "custom.seats: \"5\"", Truth.Unknown)]
    [InlineData("{fact: custom.seats, atLeast: 5}", "custom.seats: many", Truth.Unknown)]
    [InlineData("{fact: custom.seats, in: [a, b]}", "custom.seats: 5", Truth.Unknown)]
    [InlineData("{fact: deal, atLeast: {minor: 1, currency: EUR}}", "deal: {minor: 9, currency: USD}", Truth.Unknown)]
    [InlineData("{fact: deal, equals: {minor: 9, currency: EUR}}", "deal: {minor: 9, currency: USD}", Truth.Unknown)]
    [InlineData("{fact: territory, changed: true}", "territory: emea", Truth.Unknown)]
    public void Evaluate_OfWhatCantBeCompared_IsUnknown(string condition, string facts, Truth outcome) =>
        Assert.Equal(outcome, Facts.Condition(condition).Evaluate(Facts.Of(facts), Facts.Now));

    [Theory]
    [InlineData("{all: [T, U]}", Truth.Unknown)]
    [InlineData("{all: [F, U]}", Truth.False)]
    [InlineData("{all: [U, F]}", Truth.False)]
    [InlineData("{any: [T, U]}", Truth.True)]
    [InlineData("{any: [U, F]}", Truth.Unknown)]
    [InlineData("{any: [F, F]}", Truth.False)]
    [InlineData("{not: {any: [F, F]}}", Truth.True)]
    public void Evaluate_OfCombinations_IsKleenes(string form, Truth outcome)
    {
        string condition = form.Replace("T", "{fact: score, equals: 1}", StringComparison.Ordinal)
            .Replace("F", "{fact: score, equals: 2}", StringComparison.Ordinal)
            .Replace("U", "{fact: territory, equals: emea}", StringComparison.Ordinal);

        Assert.Equal(outcome, Facts.Condition(condition).Evaluate(Facts.Of("score: 1"), Facts.Now));
    }

    [Theory]
    [InlineData(0, Truth.True)]
    [InlineData(-7, Truth.True)]
    [InlineData(-7.001, Truth.False)]
    [InlineData(0.001, Truth.False)]
    public void Evaluate_WithinDays_LooksBackOnly(double days, Truth outcome)
    {
        FactSet facts = new([new("seenAt", FactValue.Of(Facts.Now.AddDays(days)))]);

        Assert.Equal(outcome, Facts.Condition("{fact: seenAt, withinDays: 7}").Evaluate(facts, Facts.Now));
    }

    [Fact]
    public void NextChange_WithinDays_IsTheFirstInstantAtWhichItIsOther()
    {
        Condition condition = Facts.Condition("{any: [{fact: score, equals: 9}, {fact: seenAt, withinDays: 7}]}");
        FactSet facts = Facts.Of("seenAt: 2026-01-02T12:00:00Z");

        DateTimeOffset next = condition.NextChange(facts, Facts.Now)!.Value;

        Assert.Equal(Truth.True, condition.Evaluate(facts, next.AddTicks(-1)));
        Assert.NotEqual(Truth.True, condition.Evaluate(facts, next));
        Assert.Null(condition.NextChange(facts, next));
        Assert.Equal(facts["seenAt"].Instant, condition.NextChange(facts, facts["seenAt"].Instant.AddDays(-1)));
    }

    [Fact]
    public void Evaluate_Changed_ComparesWithBefore()
    {
        Condition changed = Facts.Condition("{fact: territory, changed: true}");
        FactSet now = new(Facts.Of("territory: emea").Values) { Before = Facts.Of("territory: apac") };
        FactSet same = new(now.Values) { Before = Facts.Of("territory: emea") };
        FactSet added = new(now.Values) { Before = FactSet.Empty };

        Assert.Equal(Truth.True, changed.Evaluate(now, Facts.Now));
        Assert.Equal(Truth.False, changed.Evaluate(same, Facts.Now));
        Assert.Equal(Truth.True, changed.Evaluate(added, Facts.Now));
        Assert.Equal("apac", changed.Trace(now, Facts.Now).Before!.Text);
    }

    [Fact]
    public void Matches_OfAHostilePattern_StaysLinear()
    {
        // With backtracking this pattern needs longer than the universe is old.
        Condition condition = Facts.Condition("{fact: territory, matches: '(a+)+$'}");
        FactSet facts = new([new("territory", FactValue.Of(new string('a', 4_000) + "!"))]);
        FactSet tooLong = new([new("territory", FactValue.Of(new string('a', FactTest.MatchedLengthMax + 1)))]);

        Assert.Equal(Truth.False, condition.Evaluate(facts, Facts.Now));
        Assert.Equal(Truth.Unknown, condition.Evaluate(tooLong, Facts.Now));
    }

    [Fact]
    public void Trace_WhenAsked_ShowsAllValuesAndNoneThatIsWithheld()
    {
        Condition condition = Facts.Condition(
            "{all: [{fact: territory, equals: emea}, {not: {fact: score, atLeast: 50}}, {fact: vip, equals: true}]}"
        );

        ConditionTrace trace = condition.Trace(Facts.Of("territory: apac, score: {withheld: true}"), Facts.Now);

        Assert.Equal(Truth.False, trace.Outcome);
        Assert.Equal(
            [
                "territory apac emea False None",
                "score withheld 50 Unknown Withheld",
                "vip missing true Unknown Missing",
            ],
            trace.Comparisons.Select(one => $"{one.Fact} {one.Actual} {one.Wanted[0]} {one.Outcome} {one.Doubt}")
        );
        Assert.Equal(
            """
            {"form":"all","outcome":"false","parts":[{"form":"equals","outcome":"false","fact":"territory","wanted":["emea"],"actual":"apac"},
            {"form":"not","outcome":"unknown","parts":[{"form":"atLeast","outcome":"unknown","fact":"score","wanted":[50],
            "actual":{"withheld":true},"because":"withheld"}]},
            {"form":"equals","outcome":"unknown","fact":"vip","wanted":[true],"actual":null,"because":"missing"}]}
            """.ReplaceLineEndings(""),
            Json(trace.WriteJson)
        );
    }

    [Theory]
    [InlineData("{fact: teritory, equals: x}", "line 1, if.fact: There is no such fact. Known: ")]
    [InlineData("{fact: score, equals: high}", "line 1, if.equals: It must be a number.")]
    [InlineData(
        "{fact: score, contains: 1}",
        "line 1, if.contains: The fact is a number, which 'contains' does not compare."
    )]
    [InlineData("{fact: territory, greaterThan: b}", "line 1, if.greaterThan: The fact is a text, which")]
    [InlineData("{fact: custom.x, greaterThan: b}", "line 1, if.greaterThan: It must be a number, money or a time")]
    [InlineData("{fact: interests, equals: grid}", "line 1, if.equals: The fact is a list: use contains or in.")]
    [InlineData("{fact: territory, matches: '(a'}", "line 1, if.matches: It must be a regular expression")]
    [InlineData("{fact: territory, matches: '(?=a)'}", "line 1, if.matches: It must be a regular expression")]
    [InlineData("{fact: territory, equals: a, in: [b]}", "line 1, if.fact: It must be compared by one of: equals, in")]
    [InlineData("{fact: territory}", "line 1, if.fact: It must be compared by one of: equals, in")]
    [InlineData("{fact: territory, in: []}", "line 1, if.in: It must be a list of 1 to 1000 values.")]
    [InlineData("{fact: vip, exists: true, orMissing: true}", "line 1, if.orMissing: With 'exists' a missing fact")]
    [InlineData("{fact: seenAt, withinDays: 0}", "line 1, if.withinDays: It must be a whole number from 1 to 36500.")]
    [InlineData("{all: []}", "line 1, if.all: It must be a list of conditions.")]
    [InlineData("{all: [{fact: score, atLeast: x}]}", "line 1, if.all[0].atLeast: It must be a number.")]
    [InlineData("{not: {fact: vip, equals: 1}}", "line 1, if.not.equals: It must be true or false.")]
    [InlineData("{either: []}", "line 1, if.either: There is no such rule here.")]
    [InlineData(
        "{all: [{fact: vip, equals: true}], fact: vip}",
        "line 1, if: It must have one of: all, any, not, fact."
    )]
    [InlineData(
        "{not: {fact: vip, equals: true}, orMissing: true}",
        "line 1, if: Beside 'not' nothing else may stand."
    )]
    public void Read_OfWhatCantBeRead_NamesTheLineAndThePath(string condition, string fault)
    {
        string found = Assert.Single(Facts.FaultsOf(condition));

        Assert.StartsWith(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfTooManyParts_IsAFault()
    {
        string many = string.Join(", ", Enumerable.Repeat("{fact: vip, equals: true}", 200));

        Assert.Equal("line 1, if: It has over 200 parts.", Assert.Single(Facts.FaultsOf($"{{all: [{many}]}}")));
    }

    [Fact]
    public void FactJson_OfAllKinds_ReadsWhatItWrote()
    {
        FactSet facts = Facts.Of(
            "territory: emea, score: 1.5, deal: {minor: -5, currency: EUR}, vip: true, seenAt: 2026-01-02T12:00:00Z, "
                + "interests: [a, 2, true], custom.x: {withheld: true}"
        );
        string json = Json(writer => FactJson.Write(writer, facts));
        using JsonDocument document = JsonDocument.Parse(json);

        FactSet read = FactJson.ReadSet(document.RootElement)!;

        Assert.Equal(json, Json(writer => FactJson.Write(writer, read)));
        Assert.All(facts.Values, one => Assert.Equal(one.Value, read[one.Key]));
    }

    [Theory]
    [InlineData("{\"a\":{\"minor\":1.5,\"currency\":\"EUR\"}}")]
    [InlineData("{\"a\":{\"minor\":1,\"currency\":\"eur\"}}")]
    [InlineData("{\"a\":[[1]]}")]
    [InlineData("{\"a\":[null]}")]
    [InlineData("{\"a\":{\"at\":\"yesterday\"}}")]
    [InlineData("{\"a\":{\"b\":1}}")]
    [InlineData("{\"a\":1e400}")]
    [InlineData("[]")]
    public void FactJson_OfOtherForms_IsNull(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);

        Assert.Null(FactJson.ReadSet(document.RootElement));
    }

    internal static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
