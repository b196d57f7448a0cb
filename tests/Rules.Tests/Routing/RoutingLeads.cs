using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Routing;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Routing;

/// <summary>Leads as routing sees them.</summary>
internal static class RoutingLeads
{
    private static readonly string[] s_sources = ["demo", "web", "webinar", "ads", "partner"];

    public static FactSet Facts(string members)
    {
        List<ConfigFault> faults = [];
        var section = new ConfigSection("", SmallYaml.Node($"{{lead: {{{members}}}}}"), faults);
        FactSet facts = ExampleFacts.Read(section, "lead", RoutingFacts.Catalog);
        Assert.Empty(faults);
        return facts;
    }

    /// <summary>Rules over territories, sources, segments and scores, as a company of many regions has them.</summary>
    public static RoutingRule[] ManyRules(int count, Random random) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(number => new RoutingRule(
                    $"rule {number}",
                    new AllOf([
                        Equal("territory", $"t{random.Next(60)}"),
                        random.Next(2) == 0
                            ? Equal("source", s_sources[random.Next(s_sources.Length)])
                            : new FactTest(
                                "source",
                                FactOperator.In,
                                [FactValue.Of("demo"), FactValue.Of(s_sources[random.Next(s_sources.Length)])]
                            ),
                        new FactTest("score", FactOperator.AtLeast, [FactValue.Of(random.Next(80))]),
                        .. random.Next(3) == 0
                            ? [new FactTest("productInterest", FactOperator.In, [FactValue.Of("grid")])]
                            : Array.Empty<Condition>(),
                    ]),
                    random.Next(6) == 0
                        ? new RoutingAction(RoutingActionKind.AccountOwner)
                        : new RoutingAction(RoutingActionKind.Pool, $"pool{random.Next(5)}"),
                    Sla: null
                )),
        ];

    public static FactSet Random(Random random) =>
        new(
            new Dictionary<string, FactValue>
            {
                ["territory"] = FactValue.Of($"t{random.Next(60)}"),
                ["source"] = FactValue.Of(s_sources[random.Next(s_sources.Length)]),
                ["score"] = FactValue.Of(random.Next(100)),
                ["productInterest"] = FactValue.OfTexts("grid", "api"),
                ["accountOwner"] = FactValue.Of("p1"),
                ["segment"] = FactValue.Of("mid"),
            }.Where(_ => random.Next(8) > 0)
        );

    private static FactTest Equal(string fact, string text) => new(fact, FactOperator.EqualTo, [FactValue.Of(text)]);
}
