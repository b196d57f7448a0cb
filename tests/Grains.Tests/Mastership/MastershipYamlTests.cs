using Customer360.Grains.Tests.Support;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains.Tests.Mastership;

public sealed class MastershipYamlTests
{
    [Fact]
    public void Read_WhenRulesAreGiven_MakesThePolicy()
    {
        MastershipPolicy policy = Accept(
            """
            # who owns what
            default:
              strategy: latest
              sources: [crm, product]
            fields:
              accountOwner:
                sources: [crm]
                writers: [crm, admin-tool]
              plan: {strategy: source-priority}
              "first seen": {strategy: min}
              tier:
            """
        );

        Assert.Equal(["accountOwner", "first seen", "plan", "tier"], policy.Fields.Select(rule => rule.Field));
        Assert.Equal(
            new MastershipRule("accountOwner", MasterStrategy.SourcePriority, ["crm"], ["crm", "admin-tool"]),
            policy.RuleOf("accountOwner")
        );
        Assert.Equal(new MastershipRule("plan", MasterStrategy.SourcePriority, []), policy.RuleOf("plan"));
        Assert.Equal(MasterStrategy.Min, policy.RuleOf("first seen").Strategy);
        Assert.Equal(MasterStrategy.Latest, policy.RuleOf("tier").Strategy);
        Assert.Equal("*", policy.RuleOf("other").Field);
        Assert.Equal(["crm", "product"], policy.Default.Sources.AsEnumerable());
    }

    [Theory]
    [InlineData("default: {strategy: latest}\nfields:\n")]
    [InlineData("default: {strategy: latest}")]
    public void Read_WhenTheLatestIsWanted_IsTheBuiltInPolicy(string yaml) =>
        Assert.Equal(MastershipPolicy.Latest.Version, Accept(yaml).Version);

    /// <summary>Taken for the built-in policy, an upload that went wrong would wipe the one in force.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("# nothing")]
    [InlineData("---")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("default:")]
    [InlineData("default: {}")]
    [InlineData("fields: {}")]
    [InlineData("fields: {}\nowner: {team: growth, contact: '#growth'}")]
    public void Read_WhenNothingIsSaid_IsRefused(string yaml) =>
        Assert.Equal(
            "line 1, file: The file says nothing. To go back to the built-in policy, roll back to its version.",
            Assert.Single(Refuse(yaml))
        );

    /// <summary>One that was put in force by a release that took it is still followed.</summary>
    [Fact]
    public void Read_WhenNothingIsSaid_IsStillUnderstood() =>
        Assert.Equal(MastershipPolicy.Latest.Version, Policies.Kinds.Read<MastershipPolicy>("").Version);

    [Fact]
    public void Read_WhenJsonIsGiven_IsTheSame() =>
        Assert.Equal(
            Accept("fields:\n  plan:\n    sources:\n    - crm\n").Version,
            Accept("""{"fields":{"plan":{"sources":["crm"]}}}""").Version
        );

    [Fact]
    public void Read_WhenMuchIsWrong_TellsAllOfItWithLineAndRule() =>
        Assert.Equal(
            [
                "line 2, default: the strategy is not known; known: latest, first, source-priority, most-frequent, max, min",
                "line 3, default: 'writers' is not known; known: strategy, sources",
                "line 7, fields.plan: 'erp' is ranked, but may not write the field ('writers' does not name it)",
                "line 9, fields.plan: 'crm' is named twice",
                "line 10, fields: 'plan' stands here for the second time (first in line 5)",
                "line 11, fields.owner: source-priority needs ranked 'sources', here or under 'default'",
                "line 12, fields.city: 'source' is not known; known: strategy, sources, writers",
                "line 13, fields.age: the strategy max does not look at ranks; leave 'sources' out or use source-priority",
                "line 14, fields.name: 'sources' is empty; rank at least one source, or leave it out",
                "line 15, fields.zip: nobody could write the field; leave 'writers' out where everybody may",
                "line 16, fields.x: 'sources' must be a list of sources",
                "line 17, fields.*: '*' is no field; write the rule for all other fields under 'default'",
                "line 18, fields.y: a source is named by a text",
                "line 19, fields.z: a mapping (name: value) is wanted",
                "line 20: 'rules' is not known; known: default, fields",
            ],
            Refuse(
                """
                default:
                  strategy: newest
                  writers: [a]
                fields:
                  plan:
                    sources: [crm,
                      erp]
                    writers: [crm,
                      crm]
                  plan: {strategy: max}
                  owner: {strategy: source-priority}
                  city: {source: [crm]}
                  age: {strategy: max, sources: [crm]}
                  name: {strategy: source-priority, sources: []}
                  zip: {writers: []}
                  x: {sources: crm}
                  "*": {strategy: max}
                  y: {writers: [a, {b: c}]}
                  z: max
                rules: 1
                """
            )
        );

    [Theory]
    [InlineData("fields:\n\tplan: 1", "line 2, file: The line is indented with a tab; YAML wants spaces.")]
    [InlineData("fields: {plan: [}", "line 1, file: From here on it is no YAML.")]
    [InlineData("a: &x 1\nfields: *x", "line 1, file: Anchors and aliases are not taken here.")]
    [InlineData("fields: {}\n---\nfields: {}", "line 2, file: A file holds one document.")]
    [InlineData("fields:\n  ? [a]\n  : 1", "line 2, file: A name must be a text.")]
    [InlineData(
        "fields:\n  \"a\\0b\": {strategy: max}",
        "line 2, file: A text holds a control character, or half a character."
    )]
    [InlineData("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "line 1, file: It is nested too deeply.")]
    [InlineData("text", "line 1: a mapping (name: value) is wanted")]
    public void Read_WhenItIsNoSuchYaml_SaysWhere(string yaml, string error) =>
        Assert.StartsWith(error, Assert.Single(Refuse(yaml)), StringComparison.Ordinal);

    [Fact]
    public void Read_WhenTooLarge_IsRefused() =>
        Assert.Single(Refuse(new string('#', Policies.Kinds.Of<MastershipPolicy>().CharactersMax + 1)));

    [Fact]
    public void Read_WhenItIsTheExample_IsAPolicy() =>
        Assert.Equal(
            6,
            Accept(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "mastership.yaml"))).Fields.Length
        );

    private static MastershipPolicy Accept(string yaml)
    {
        PolicyReading<MastershipPolicy> reading = Policies.Kinds.Read<MastershipPolicy>(yaml);
        Assert.Empty(reading.Faults);
        return reading.Body!.Base;
    }

    private static IEnumerable<string> Refuse(string yaml)
    {
        PolicyReading<MastershipPolicy> reading = Policies.Kinds.Read<MastershipPolicy>(yaml);
        Assert.NotEmpty(reading.Faults);
        return reading.Faults.Select(fault => fault.ToString());
    }
}
