using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Tests.Conditions;

/// <summary>Facts and conditions in a line of text.</summary>
internal static class Facts
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static FactCatalog Catalog { get; } =
        new(
            [
                new("territory", FactKind.Text),
                new("score", FactKind.Number),
                new("deal", FactKind.Money),
                new("vip", FactKind.Flag),
                new("seenAt", FactKind.Instant),
                new("interests", FactKind.List),
            ],
            "custom."
        );

    /// <summary>Facts as <c>territory: emea, score: 5</c>.</summary>
    public static FactSet Of(string members)
    {
        List<ConfigFault> faults = [];
        var section = new ConfigSection("", SmallYaml.Node($"{{facts: {{{members}}}}}"), faults);
        FactSet facts = ExampleFacts.Read(section, "facts", Catalog);
        Assert.Empty(faults);
        return facts;
    }

    /// <summary>A condition that can be read.</summary>
    public static Condition Condition(string text)
    {
        List<ConfigFault> faults = [];
        Condition? condition = new ConditionReader(Catalog, faults).Read(SmallYaml.Node(text), "if");
        Assert.Empty(faults);
        return condition!;
    }

    /// <summary>What is wrong with one that can't.</summary>
    public static string[] FaultsOf(string text)
    {
        List<ConfigFault> faults = [];
        Condition? condition = new ConditionReader(Catalog, faults).Read(SmallYaml.Node(text), "if");
        Assert.Null(condition);
        return [.. faults.Select(fault => fault.ToString())];
    }
}
