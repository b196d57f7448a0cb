using Customer360.Rules.Accounts;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Routing;

/// <summary>What a routing file may say, and what is told of one that is wrong.</summary>
public sealed class RoutingPolicyTests
{
    private const string Head = """
        owner: {team: ops, contact: ops}
        queues: [triage]
        pools: {all: {members: [ann, bob]}}
        answers: {otherwise: {queue: triage}}
        """;

    private static readonly RoutingPolicyKind s_kind = new();

    [Fact]
    public void Read_OfTheSample_IsValidAndHasAllThatItShows()
    {
        PolicyReading<RoutingPolicy> reading = s_kind.ReadFile(SmallYaml.Sample("routing"), SmallYaml.Instance);

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
        RoutingPolicy policy = reading.Body!.Base;
        Assert.Equal(
            ["two-owners", "account-owner", "hot-demo", "german-speakers", "small"],
            policy.Rules.Select(rule => rule.Name)
        );
        Assert.Equal("sales-dach", policy.Rules[3].Owner!.Team);
        Assert.Equal(
            new SlaTerms(30)
            {
                RemindPercent = 50,
                EscalatePercent = 80,
                Timeout = SlaTimeout.Reroute,
                ReroutesMax = 2,
                Queue = "triage",
            },
            policy.Rules[2].Sla
        );
        Assert.Contains("mail.example.org", policy.Matching.FreeMail.Items);
        Assert.Equal(AccountTieBreaker.OwnerActive, policy.Matching.TieBreakers[3]);
    }

    [Fact]
    public void Read_OfTheBuiltInFile_IsValid() => Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));

    [Fact]
    public void Version_OfTheSamePolicyInOtherWords_IsTheSame()
    {
        string other = SmallYaml
            .Sample("routing")
            .Replace("score, atLeast: 50}", "score, atLeast: 50.0}", StringComparison.Ordinal)
            .Replace("queues: [triage, overflow]", "queues: [overflow, triage]", StringComparison.Ordinal);
        string changed = other.Replace("atLeast: 50.0", "atLeast: 51", StringComparison.Ordinal);

        Assert.NotEqual(SmallYaml.Sample("routing"), other);
        Assert.NotEqual(Version(other), Version(changed));
        Assert.Equal(Version(SmallYaml.Sample("routing")), Version(other));
    }

    [Theory]
    [InlineData("{facts: {score: 1}, fires: true}", "The example fails: the rule's condition is not true.")]
    [InlineData("{facts: {score: 9}, fires: false}", "The example fails: the rule's condition is true.")]
    [InlineData("{facts: {score: 99}, fires: true}", "The example fails: the rule 'first' decides before.")]
    [InlineData("{facts: {scor: 9}, fires: true}", "There is no such fact. Known: ")]
    [InlineData("{facts: {score: high}, fires: true}", "It must be a number.")]
    [InlineData("{facts: {score: 9}}", "It is missing.")]
    public void Read_OfAnExampleThatFails_NamesItsLine(string example, string message)
    {
        string fault = Assert.Single(
            SmallYaml.Faults(
                s_kind,
                $$"""
                {{Head}}
                rules:
                  - name: first
                    if: {fact: score, atLeast: 50}
                    then: {pool: all}
                    examples: [{facts: {score: 50}, fires: true}]
                  - name: second
                    if: {fact: score, atLeast: 5}
                    then: accountOwner
                    examples:
                      - {facts: {score: 9, accountOwner: cy}, fires: true}
                      - {{example}}
                """
            )
        );

        Assert.StartsWith("line 15, rules[1].examples[1]", fault, StringComparison.Ordinal);
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfARuleWhoseOwnerNobodyKnows_SaysSo() =>
        Assert.EndsWith(
            "The example fails: nobody knows the owner that the rule names.",
            Assert.Single(Faults("then: accountOwner", "{facts: {score: 9}, fires: true}")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("then: {pool: none}", "line 7, rules[0].then: The file has no such pool.")]
    [InlineData("then: {queue: none}", "line 7, rules[0].then: The file has no such queue.")]
    [InlineData(
        "then: hold",
        "line 7, rules[0].then: It must be one of: {owner: NAME}, accountOwner, opportunityOwner"
    )]
    [InlineData("then: {pool: all, queue: triage}", "line 7, rules[0].then: It must be one of: {owner: NAME}")]
    [InlineData("sla: {minutes: 0}", "line 7, rules[0].sla.minutes: It must be a whole number from 1 to 525600.")]
    [InlineData("sla: {minutes: 5, clock: sun}", "line 7, rules[0].sla.clock: It must be one of: working, wall.")]
    [InlineData(
        "sla: {minutes: 5, timeout: reroute}",
        "line 7, rules[0].sla.queue: It must say where the lead goes in the end."
    )]
    [InlineData("sla: {minutes: 5, queue: none}", "line 7, rules[0].sla.queue: The file has no such queue.")]
    [InlineData(
        "sla: {minutes: 5, remindAt: 101}",
        "line 7, rules[0].sla.remindAt: It must be a whole number from 1 to 100."
    )]
    [InlineData("if: {fact: nothing, exists: true}", "line 7, rules[0].if.fact: There is no such fact.")]
    [InlineData("owner: {team: a}", "line 7, rules[0].owner.contact: It is missing.")]
    public void Read_OfARuleThatIsWrong_NamesTheLineAndThePath(string line, string fault) =>
        Assert.StartsWith(
            fault,
            Faults(line, "{facts: {score: 9}, fires: true}")
                .First(one => one.Contains(fault[8..20], StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_OfAFileWithManyFaults_FindsThemAll() =>
        Assert.Equal(
            new[]
            {
                "line 2, pools.none.members: It must name its members, or the skills that they must have.",
                "line 3, pools.odd.territory: It must be one of: any, match.",
                "line 4, answers.duplicate: It must be one of: leadOwner, {queue: NAME}, continue.",
                "line 4, answers.otherwise: It must be one of: {queue: NAME}.",
                "line 6, matching.freeMail: It must be a domain in lower case: example.com.",
                "line 7, matching.tieBreakers: It must be one of: openOpportunity, customer, sameTerritory, sameCountry, "
                    + "ownerActive, tier, mostContacts, latestActivity, oldest. The id always stands last.",
                "line 9, rules[0].examples: A rule needs an example: {facts: {territory: emea}, fires: true}.",
                "line 9, rules[0].then: It must be one of: {owner: NAME}, accountOwner, opportunityOwner, {pool: NAME}, {queue: NAME}.",
                "line 10, rules[1].examples: A rule needs an example: {facts: {territory: emea}, fires: true}.",
                "line 10, rules[1].name: It is there twice; first in line 9.",
            }.Order(StringComparer.Ordinal),
            SmallYaml
                .Faults(
                    s_kind,
                    """
                    pools:
                      none: {}
                      odd: {skills: [german], territory: all}
                    answers: {duplicate: {owner: ann}}
                    matching:
                      freeMail: [Mail.example]
                      tieBreakers: [size]
                    rules:
                      - {name: one}
                      - {name: one, then: accountOwner}
                    """
                )
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Read_WithoutAnOwner_IsRefusedSinceItDecidesByItself() =>
        Assert.Contains(
            SmallYaml.Faults(s_kind, Head.Replace("owner: {team: ops, contact: ops}", "", StringComparison.Ordinal)),
            fault => fault.Contains("owner: It decides by itself", StringComparison.Ordinal)
        );

    private static string Version(string file) => s_kind.ReadFile(file, SmallYaml.Instance).Version!;

    private static string[] Faults(string line, string example) =>
        SmallYaml.Faults(
            s_kind,
            $$"""
            {{Head}}
            rules:
              - name: only
                {{line}}
            {{(
                line.StartsWith("then", StringComparison.Ordinal)
                    ? "    if: {fact: score, exists: true}"
                    : "    then: {pool: all}"
            )}}
                examples: [{{example}}]
            """
        );
}
