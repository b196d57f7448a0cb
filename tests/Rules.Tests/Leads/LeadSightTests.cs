using System.Text.Json.Nodes;
using Customer360.Rules.Access;
using Customer360.Rules.Conditions;
using Customer360.Rules.Leads;
using Customer360.Rules.Tests.Conditions;
using static Customer360.Rules.Tests.Access.Policies;

namespace Customer360.Rules.Tests.Leads;

/// <summary>What a role that does not see every field is told of why a lead is where it is.</summary>
public sealed class LeadSightTests
{
    private const string Decision = """
        {"attempt":1,"at":"2026-11-27T09:00:00.000Z","policyVersion":"p","teamVersion":"t",
         "facts":{"score":85,"territory":"emea","email":"jane@acme.example","custom.shoeSize":42,"custom.plan":"pro","openOpportunity":true},
         "decision":{"outcome":"assigned","person":"ann","rule":"late",
          "answers":[{"situation":"openOpportunity","answer":"continue"},{"situation":"outsideHours","answer":"assign"}],
          "rules":[
           {"rule":"both","outcome":"false","if":{"form":"all","outcome":"false","parts":[
             {"form":"equals","outcome":"false","fact":"territory","wanted":["apac"],"actual":"emea"},
             {"form":"equals","outcome":"true","fact":"email","wanted":["jane@acme.example"],"actual":"jane@acme.example"}]}},
           {"rule":"hidden","outcome":"false","if":{"form":"not","outcome":"false","parts":[
             {"form":"exists","outcome":"true","fact":"custom.shoeSize","wanted":[true],"actual":42,"before":41}]}},
           {"rule":"either","outcome":"notAsked","if":{"form":"any","outcome":"true","parts":[
             {"form":"atLeast","outcome":"true","fact":"score","wanted":[50],"actual":85},
             {"form":"exists","outcome":"false","fact":"email","wanted":[false],"actual":"jane@acme.example"}]}},
           {"rule":"owner","outcome":"noOwner","if":{"form":"equals","outcome":"true","fact":"custom.plan","wanted":["pro"],"actual":"pro"}},
           {"rule":"late","outcome":"fired","if":{"form":"equals","outcome":"true","fact":"email","wanted":["jane@acme.example"],"actual":"jane@acme.example"}}]}}
        """;

    private const string Score = """
        {"points":85,"groups":{"fit":35},"lines":[
          {"rule":"size","group":"fit","given":20,"left":20},
          {"rule":"mail","group":"fit","given":15,"left":15},
          {"rule":"gone","group":"fit","given":1,"left":1},
          {"rule":"demo","group":"intent","at":"2026-11-27T09:00:00.000Z","message":"m-1","given":50,"left":50}]}
        """;

    private static readonly LeadFile s_file = new(new LeadState("l_1", "sales", DateTimeOffset.UnixEpoch))
    {
        Anchor = "email:jane@acme.example",
        Decision = Decision,
        ScoreCard = Score,
    };

    [Fact]
    public void Of_ForARoleOfThePolicy_LeavesOutWhatItDoesNotSee_AndTellsNoOutcomeThatRestsOnIt()
    {
        LeadSight sight = Sight("territory plan company.territory", FieldSets.Companies);

        LeadFile seen = sight.Of(s_file, Scoring());

        JsonObject stored = JsonNode.Parse(seen.Decision!)!.AsObject();
        Assert.Equal(["score", "territory", "custom.plan"], stored["facts"]!.AsObject().Select(fact => fact.Key));
        JsonObject decision = stored["decision"]!.AsObject();
        Assert.Equal(["outsideHours"], decision["answers"]!.AsArray().Select(answer => (string?)answer!["situation"]));
        Assert.Equal(
            ["both false", "hidden unknown", "either notAsked", "owner unknown", "late fired"],
            decision["rules"]!.AsArray().Select(rule => $"{rule!["rule"]} {rule["outcome"]}")
        );
        Assert.Equal(
            """{"form":"exists","outcome":"unknown","fact":"custom.shoeSize","wanted":[],"actual":{"withheld":true},"because":"withheld"}""",
            decision["rules"]![1]!["if"]!["parts"]![0]!.ToJsonString()
        );
        Assert.Equal("unknown", (string?)decision["rules"]![4]!["if"]!["outcome"]);
        Assert.Equal(
            ["size"],
            JsonNode.Parse(seen.ScoreCard!)!["lines"]!.AsArray().Select(line => (string?)line!["rule"])
        );
        Assert.Equal("", seen.Anchor);
        Assert.DoesNotContain("jane", seen.Decision!, StringComparison.Ordinal);
        Assert.Contains("email", sight.Withheld);
        Assert.DoesNotContain("territory", sight.Withheld);
    }

    [Fact]
    public void Of_ForWhoSeesEveryField_IsTheFile()
    {
        var sight = new LeadSight(VisibleFields.Everything);

        Assert.Same(s_file, sight.Of(s_file, Scoring()));
        Assert.Empty(sight.Withheld);
    }

    [Theory]
    [InlineData("territory", "territory", FieldSets.Companies, false)]
    [InlineData("territory", "territory company.territory", FieldSets.None, false)]
    [InlineData("territory", "territory company.territory", FieldSets.Companies, true)]
    [InlineData("email", "email", FieldSets.None, true)]
    [InlineData("emailKind", "plan", FieldSets.None, false)]
    [InlineData("lastActivityAt", "plan", FieldSets.None, false)]
    [InlineData("lastActivityAt", "plan", FieldSets.Activity, true)]
    [InlineData("opportunityStage", "opportunityStage company.opportunityStage", FieldSets.Companies, false)]
    [InlineData(
        "opportunityStage",
        "opportunityStage company.opportunityStage company.opportunities",
        FieldSets.Companies,
        true
    )]
    [InlineData("account", "plan", FieldSets.Accounts, false)]
    [InlineData("account", "plan", FieldSets.Accounts | FieldSets.Companies, true)]
    [InlineData("inOpenOpportunity", "company.opportunities", FieldSets.Companies, false)]
    [InlineData("inOpenOpportunity", "company.opportunities", FieldSets.Companies | FieldSets.Members, true)]
    [InlineData("custom.plan", "plan", FieldSets.None, true)]
    [InlineData("custom.shoeSize", "plan", FieldSets.All, false)]
    [InlineData("score", "plan", FieldSets.None, true)]
    [InlineData("nobodyKnows", "nobodyKnows", FieldSets.All, false)]
    public void Shows_AFact_WhereEveryFieldThatItMayComeFromIsShown(
        string fact,
        string fields,
        FieldSets sees,
        bool isShown
    ) => Assert.Equal(isShown, Sight(fields, sees).Shows(fact));

    [Fact]
    public void Shows_AMaskedField_Not() =>
        Assert.False(
            new LeadSight(
                Tables(Of("personal: email", ("desk", Role("personal=mask domain"))))
                    .Decide(RoleSet.Of(Rules.Access.Roles.None, ["desk"], []), Purpose.Unstated)
                    .Value!.Fields
            ).Shows("email")
        );

    /// <summary>Every fact that policies may ask for is known here, or nobody but readers of everything would ever be told of it.</summary>
    [Fact]
    public void Shows_EveryFactOfTheCatalogues_ToWhoSeesEveryField()
    {
        FactCatalog[] catalogues = [LeadFacts.Catalog, Rules.Routing.RoutingFacts.Catalog];
        string[] facts = [.. catalogues.SelectMany(one => one.Known)];
        string names = string.Join(
            ' ',
            facts
                .SelectMany(fact =>
                {
                    (string[] ofPerson, string[] ofAccount) = LeadFactReader.TraitsOf(fact);
                    return ofPerson.Concat(ofAccount.Select(one => $"company.{one}"));
                })
                .Append("email")
                .Append("company.opportunities")
                .Distinct()
        );

        Assert.DoesNotContain(facts, fact => !Sight(names, FieldSets.All).Shows(fact));
    }

    private static LeadSight Sight(string fields, FieldSets sees) =>
        new(
            Tables(Of($"internal: {fields}", ("desk", Role("internal=allow", sees))))
                .Decide(RoleSet.Of(Rules.Access.Roles.None, ["desk"], []), Purpose.Unstated)
                .Value!.Fields
        );

    private static ScoringPolicy Scoring() =>
        new ScoringPolicyKind()
            .ReadFile(
                """
                groups: {fit: {max: 100}, intent: {max: 100}}
                rules:
                  - {name: size, group: fit, points: 20, if: {fact: territory, equals: emea}}
                  - {name: mail, group: fit, points: 15, if: {fact: email, exists: true}}
                  - {name: demo, group: intent, points: 50, event: Demo Requested}
                """,
                SmallYaml.Instance
            )
            .Body!.Base;
}
