using System.Globalization;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Routing;

/// <summary>
/// An example of a rule: <c>{facts: {…}, at?: time, fires: true}</c>. <c>fires: true</c> says that of all rules this one decides, so a
/// rule that another hides is found; <c>fires: false</c> says that its condition is not true.
/// </summary>
internal sealed record RuleExample(string Path, int Line, int Rule, FactSet Facts, DateTimeOffset At, bool Fires)
{
    /// <summary>Reads the examples of a rule; there must be one at least.</summary>
    public static IEnumerable<RuleExample> Read(ConfigSection rule, int number, List<ConfigFault> faults)
    {
        if (rule.Find("examples") is not { Kind: ConfigKind.List, Items.IsEmpty: false } list)
        {
            rule.Fault("examples", "A rule needs an example: {facts: {territory: emea}, fires: true}.");
            yield break;
        }

        for (int index = 0; index < list.Items.Length; index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{rule.PathOf("examples")}[{index}]");
            int before = faults.Count;
            var section = new ConfigSection(path, list.Items[index], faults, "facts", "at", "fires");
            FactSet facts = ExampleFacts.Read(section, "facts", RoutingFacts.Catalog);
            DateTimeOffset? at = ExampleFacts.ReadTime(section, "at");
            if (section.Find("fires") is null)
            {
                section.Fault("fires", "It is missing.");
            }

            bool fires = section.Flag("fires", otherwise: true);
            if (faults.Count == before)
            {
                yield return new RuleExample(path, list.Items[index].Line, number, facts, at ?? default, fires);
            }
        }
    }

    /// <summary>What is wrong with it; null where it holds.</summary>
    public ConfigFault? Check(RoutingPolicy policy)
    {
        RoutingRule own = policy.Rules[Rule];
        if (!Fires)
        {
            return own.If.Evaluate(Facts, At) == Truth.True
                ? Fault("The example fails: the rule's condition is true.")
                : null;
        }

        (int first, bool isTerritoryMissing) = Router.FirstRule(policy, Facts, At);
        if (first == Rule)
        {
            return null;
        }

        if (isTerritoryMissing)
        {
            return Fault("The example fails: the territory is missing, which a rule before asks for.");
        }

        if (own.If.Evaluate(Facts, At) != Truth.True)
        {
            return Fault("The example fails: the rule's condition is not true.");
        }

        return Fault(
            first < 0
                ? "The example fails: nobody knows the owner that the rule names."
                : $"The example fails: the rule '{policy.Rules[first].Name}' decides before."
        );
    }

    private ConfigFault Fault(string message) => new(Line, Path, message);
}
