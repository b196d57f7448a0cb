using Customer360.Rules.Audiences;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>What a file may say, and what is refused before it counts.</summary>
public sealed class AudiencePolicyTests
{
    private static readonly AudiencePolicyKind s_kind = new();

    [Fact]
    public void Read_OfTheSampleAndTheBuiltInFile_IsValid()
    {
        Assert.Empty(SmallYaml.Faults(s_kind, SmallYaml.Sample("audiences")));
        Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));
    }

    [Theory]
    [InlineData("{fact: hat, equals: red}", "There is no such fact.")]
    [InlineData("{fact: computed.hats, atLeast: 1}", "There is no such fact.")]
    [InlineData(
        "{event: A, within: 36500d}",
        "It must be a whole number with m, h, d or w behind it, 731d at most: 30d."
    )]
    [InlineData("{event: A, within: 1y}", "It must be a whole number with m, h, d or w behind it, 731d at most: 30d.")]
    [InlineData("{event: A, since: month}", "A window of the calendar must say in which time zone: Europe/Berlin.")]
    [InlineData(
        "{event: A, since: month, zone: Moon/Crater}",
        "There is no such time zone. Name one as Europe/Berlin."
    )]
    [InlineData("{event: A, before: 9d, within: 7d}", "It must be shorter than 'within', or nothing is between them.")]
    [InlineData(
        "{event: A, where: {fact: url, matches: '(a)\\1'}}",
        "It must be a regular expression without look-around and back-references."
    )]
    [InlineData("{event: A, sum: {atLeast: 3}}", "It is missing.")]
    [InlineData("{event: A, count: {atLeast: 3}, sum: {of: x, atLeast: 1}}", "One thing is compared in a condition.")]
    [InlineData("{sequence: [{event: A}]}", "It must be a list of 2 to 8 steps.")]
    [InlineData(
        "{sequence: [{event: A}, {not: {event: B}}]}",
        "Only the last step may be one that does not happen, and it must say within which time."
    )]
    [InlineData("{audience: nobody}", "The file has no audience 'nobody'.")]
    [InlineData("{not: {event: A, within: 30d}}", "It is true of people of whom nothing is known.")]
    [InlineData("{page: A, event: B}", "It must name one event, page or screen.")]
    public void Read_OfACondition_ThatCanNotBeMeant_IsRefused(string condition, string why)
    {
        string[] faults = SmallYaml.Faults(s_kind, FileOf($"- {{name: it, purpose: p, if: {condition}}}"));

        Assert.Contains(faults, fault => fault.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OfAudiencesInACircle_NamesThem() =>
        Assert.Equal(
            ["line 3, audiences[0].if: Audiences ask for each other in a circle: a, b."],
            SmallYaml.Faults(
                s_kind,
                FileOf(
                    """
                    - {name: a, purpose: p, if: {audience: b}}
                      - {name: b, purpose: p, if: {any: [{audience: a}, {event: E}]}}
                    """
                )
            )
        );

    [Fact]
    public void Read_OfTenThousandAudiences_IsRefused()
    {
        string many = string.Join(
            '\n',
            Enumerable
                .Range(0, 10_000)
                .Select(number => $"  - {{name: a{number}, purpose: p, if: {{event: E{number}}}}}")
        );

        string[] faults = SmallYaml.Faults(s_kind, FileOf(many.TrimStart()));

        Assert.Equal(["line 2, audiences: It must be a list of 1000 at most."], faults);
    }

    [Fact]
    public void Read_WithoutAnOwner_IsRefused() =>
        Assert.Contains(
            SmallYaml.Faults(s_kind, "audiences:\n  - {name: a, purpose: p, if: {event: E}}\n"),
            fault => fault.Contains("it must name its owner", StringComparison.Ordinal)
        );

    [Fact]
    public void Read_OfARegularExpressionThatWouldExplode_RunsInLinearTime()
    {
        AudiencePolicy policy = s_kind
            .ReadFile(
                FileOf("- {name: a, purpose: p, if: {event: E, where: {fact: url, matches: '^(a+)+$'}}}"),
                SmallYaml.Instance
            )
            .Body!.Base;
        var text = Profiles.Folds.Message(
            $$"""
            "type":"track","event":"E","properties":{"url":"{{new string('a', 4_000)}}b"}
            """
        );

        Assert.Empty(policy.Selection.Meet(text, new Customer360.Rules.Events.LogPlace(0, 1)));
    }

    [Fact]
    public void Hash_OfADefinition_ChangesWithItsCondition_AndNotWithItsNeighbours()
    {
        string one = HashOf("- {name: a, purpose: p, if: {event: E, within: 7d}}");

        Assert.Equal(
            one,
            HashOf("- {name: a, purpose: q, if: {event: E, within: 7d}}\n  - {name: b, purpose: p, if: {event: F}}")
        );
        Assert.NotEqual(one, HashOf("- {name: a, purpose: p, if: {event: E, within: 8d}}"));
    }

    [Fact]
    public void Selection_DoesNotKnowOfWindows()
    {
        string one = SelectionOf("{event: E, within: 7d}");

        Assert.Equal(one, SelectionOf("{event: E, within: 30d, count: {atLeast: 4}}"));
        Assert.NotEqual(one, SelectionOf("{event: E, where: {fact: total, atLeast: 1}, within: 7d}"));
    }

    private static string HashOf(string audiences) => PolicyOf(audiences).Find("a")!.Hash;

    private static string SelectionOf(string condition) =>
        PolicyOf($"- {{name: a, purpose: p, if: {condition}}}").Selection.Id;

    private static AudiencePolicy PolicyOf(string audiences) =>
        s_kind.ReadFile(FileOf(audiences), SmallYaml.Instance).Body!.Base;

    private static string FileOf(string audiences) => $"owner: {{team: t, contact: c}}\naudiences:\n  {audiences}\n";
}
