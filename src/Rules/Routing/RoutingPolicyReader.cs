using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Accounts;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Routing;

/// <summary>Reads <c>routing.yaml</c>: <c>queues</c>, <c>pools</c>, <c>answers</c>, <c>sla</c>, <c>matching</c> and <c>rules</c>.</summary>
internal sealed class RoutingPolicyReader(PolicyFile file)
{
    /// <summary>Beyond so many nobody reads them any more.</summary>
    private const int RulesMax = 3_000;

    private const int PoolsMax = 500;
    private const int NameLengthMax = 100;

    private readonly List<ConfigFault> _faults = file.Faults;

    /// <summary>The policy; null after a fault.</summary>
    public RoutingPolicy? Read()
    {
        ConfigSection root = file.Section("queues", "pools", "answers", "sla", "matching", "rules");
        ImmutableArray<string> queues = [.. root.Texts("queues").Select(text => text.Text)];
        ImmutableArray<RoutingPool> pools = ReadPools(root);
        var actions = new RoutingActionReader([.. pools.Select(pool => pool.Name)], [.. queues], _faults);
        RoutingAnswers answers = actions.ReadAnswers(
            new ConfigSection(
                "answers",
                root.Find("answers"),
                _faults,
                "duplicate",
                "openOpportunity",
                "territoryMissing",
                "ownerAway",
                "noCapacity",
                "outsideHours",
                "otherwise"
            )
        );
        SlaTerms? sla = SlaTermsReader.Read(root, "sla", queues, _faults);
        AccountMatchingPolicy matching = AccountMatchingReader.Read(root, "matching", _faults);
        List<RuleExample> examples = [];
        ImmutableArray<RoutingRule> rules = ReadRules(root, actions, queues, examples);
        if (_faults.Count > 0)
        {
            return null;
        }

        var policy = new RoutingPolicy(rules, pools, queues, answers, sla, matching);
        foreach (RuleExample example in examples)
        {
            if (example.Check(policy) is { } fault)
            {
                _faults.Add(fault);
            }
        }

        return _faults.Count > 0 ? null : policy;
    }

    private ImmutableArray<RoutingPool> ReadPools(ConfigSection root)
    {
        var section = new ConfigSection("pools", root.Find("pools"), _faults);
        var pools = ImmutableArray.CreateBuilder<RoutingPool>();
        foreach (ConfigMember member in section.Members)
        {
            var pool = new ConfigSection(
                section.PathOf(member.Name),
                member.Value,
                _faults,
                "members",
                "skills",
                "territory",
                "hours"
            );
            ImmutableArray<string> members = Sorted(pool.Texts("members"));
            ImmutableArray<string> skills = Sorted(pool.Texts("skills"));
            if (members.IsEmpty && skills.IsEmpty)
            {
                pool.Fault("members", "It must name its members, or the skills that they must have.");
            }

            bool matches = Choice(pool, "territory", "any", "match");
            bool asksHours = Choice(pool, "hours", "any", "working");
            pools.Add(new RoutingPool(member.Name, members, skills, matches, asksHours));
        }

        if (pools.Count > PoolsMax)
        {
            section.Fault(
                section.Line,
                "pools",
                string.Create(CultureInfo.InvariantCulture, $"It must hold {PoolsMax} at most.")
            );
        }

        return [.. pools.OrderBy(pool => pool.Name, StringComparer.Ordinal)];
    }

    private ImmutableArray<RoutingRule> ReadRules(
        ConfigSection root,
        RoutingActionReader actions,
        ImmutableArray<string> queues,
        List<RuleExample> examples
    )
    {
        if (root.Find("rules") is not { IsNothing: false } list)
        {
            return [];
        }

        if (list.Kind != ConfigKind.List || list.Items.Length > RulesMax)
        {
            root.Fault(
                "rules",
                string.Create(CultureInfo.InvariantCulture, $"It must be a list of {RulesMax} rules at most.")
            );
            return [];
        }

        var conditions = new ConditionReader(RoutingFacts.Catalog, _faults);
        var rules = ImmutableArray.CreateBuilder<RoutingRule>(list.Items.Length);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < list.Items.Length; index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"rules[{index}]");
            var section = new ConfigSection(
                path,
                list.Items[index],
                _faults,
                "name",
                "if",
                "then",
                "sla",
                "owner",
                "examples"
            );
            string name = section.RequiredText("name") ?? "";
            if (name.Length > NameLengthMax)
            {
                section.Fault("name", "A name has 100 characters at most.");
            }
            else if (name.Length > 0 && !lines.TryAdd(name, section.LineOf("name")))
            {
                section.Fault(
                    "name",
                    string.Create(CultureInfo.InvariantCulture, $"It is there twice; first in line {lines[name]}.")
                );
            }

            Condition? condition = section.Find("if") is { } given
                ? conditions.Read(given, section.PathOf("if"))
                : Condition.Always;
            RoutingAction? then = actions.Read(
                section,
                "then",
                RoutingActionKind.Owner,
                RoutingActionKind.AccountOwner,
                RoutingActionKind.OpportunityOwner,
                RoutingActionKind.Pool,
                RoutingActionKind.Queue
            );
            SlaTerms? sla = SlaTermsReader.Read(section, "sla", queues, _faults);
            PolicyOwner? owner = section.Find("owner") is null ? null : file.OwnerOf(section);
            examples.AddRange(RuleExample.Read(section, index, _faults));
            if (condition is not null && then is not null)
            {
                rules.Add(new RoutingRule(name, condition, then, sla) { Owner = owner });
            }
        }

        return rules.DrainToImmutable();
    }

    /// <summary>True where the second word stands there; neither is a fault.</summary>
    private static bool Choice(ConfigSection section, string name, string otherwise, string other)
    {
        string text = section.Find(name) is { Kind: ConfigKind.Text } node ? node.Text : otherwise;
        if (text != otherwise && text != other)
        {
            section.Fault(name, $"It must be one of: {otherwise}, {other}.");
        }

        return text == other;
    }

    private static ImmutableArray<string> Sorted(ImmutableArray<ConfigNode> texts) =>
        [.. texts.Select(text => text.Text).Order(StringComparer.Ordinal)];
}
