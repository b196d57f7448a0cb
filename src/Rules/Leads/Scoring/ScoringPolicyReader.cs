using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Leads;

/// <summary>Reads <c>scoring.yaml</c>: <c>groups</c>, <c>rules</c> and <c>tiers</c>.</summary>
internal sealed class ScoringPolicyReader(PolicyFile file)
{
    private const int RulesMax = 500;
    private const int PointsMax = 1_000;
    private const int LimitMax = 1_000_000;
    private const int DaysMax = 3_650;

    private readonly List<ConfigFault> _faults = file.Faults;

    /// <summary>The policy; null after a fault.</summary>
    public ScoringPolicy? Read()
    {
        ConfigSection root = file.Section("groups", "rules", "tiers");
        ImmutableArray<ScoreGroup> groups = ReadGroups(root);
        ImmutableArray<ScoreRule> rules = ReadRules(root, groups);
        ImmutableArray<ScoreTier> tiers = ReadTiers(root);
        return _faults.Count > 0 ? null : new ScoringPolicy(groups, rules, tiers);
    }

    private ImmutableArray<ScoreGroup> ReadGroups(ConfigSection root)
    {
        var section = new ConfigSection("groups", root.Find("groups"), _faults);
        var groups = ImmutableArray.CreateBuilder<ScoreGroup>();
        foreach (ConfigMember member in section.Members)
        {
            var group = new ConfigSection(section.PathOf(member.Name), member.Value, _faults, "min", "max");
            int min = group.Whole("min", 0, -LimitMax, 0) ?? 0;
            int max = group.Whole("max", null, 1, LimitMax) ?? 1;
            groups.Add(new ScoreGroup(member.Name, min, max));
        }

        return [.. groups.OrderBy(group => group.Name, StringComparer.Ordinal)];
    }

    private ImmutableArray<ScoreTier> ReadTiers(ConfigSection root)
    {
        var section = new ConfigSection("tiers", root.Find("tiers"), _faults);
        List<ScoreTier> tiers = [];
        foreach (ConfigMember member in section.Members)
        {
            if (section.Whole(member.Name, null, -LimitMax, LimitMax) is not { } from)
            {
                continue;
            }

            if (tiers.Exists(tier => tier.From == from))
            {
                section.Fault(member.Name, "Another tier begins there.");
            }

            tiers.Add(new ScoreTier(member.Name, from));
        }

        return [.. tiers.OrderByDescending(tier => tier.From)];
    }

    private ImmutableArray<ScoreRule> ReadRules(ConfigSection root, ImmutableArray<ScoreGroup> groups)
    {
        if (root.Find("rules") is not { IsNothing: false } list)
        {
            return [];
        }

        if (list.Kind != ConfigKind.List || list.Items.Length > RulesMax)
        {
            root.Fault("rules", "It must be a list of 500 rules at most.");
            return [];
        }

        var rules = ImmutableArray.CreateBuilder<ScoreRule>(list.Items.Length);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < list.Items.Length; index++)
        {
            var section = new ConfigSection(
                string.Create(CultureInfo.InvariantCulture, $"rules[{index}]"),
                list.Items[index],
                _faults,
                "name",
                "group",
                "points",
                "event",
                "if",
                "decay",
                "countMax",
                "since"
            );
            string name = section.RequiredText("name") ?? "";
            if (name.Length > 0 && !lines.TryAdd(name, section.LineOf("name")))
            {
                section.Fault(
                    "name",
                    string.Create(CultureInfo.InvariantCulture, $"It is there twice; first in line {lines[name]}.")
                );
            }

            rules.Add(ReadRule(section, name, groups));
        }

        return rules.DrainToImmutable();
    }

    private ScoreRule ReadRule(ConfigSection section, string name, ImmutableArray<ScoreGroup> groups)
    {
        string group = section.RequiredText("group") ?? "";
        if (group.Length > 0 && !groups.Any(one => one.Name == group))
        {
            section.Fault("group", "The file has no such group.");
        }

        int points = section.Whole("points", null, -PointsMax, PointsMax) ?? 0;
        string? happens = section.Find("event") is null ? null : section.RequiredText("event");
        FactCatalog catalog = happens is null ? LeadFacts.Catalog : LeadFacts.Properties;
        Condition? condition = section.Find("if") is { } given
            ? new ConditionReader(catalog, _faults).Read(given, section.PathOf("if"))
            : Condition.Always;
        if (section.Find("event") is null)
        {
            if (section.Find("if") is null)
            {
                section.Fault(
                    "event",
                    "It must say which event gives points, or by 'if' what must be known of the lead."
                );
            }

            foreach (string other in (string[])["decay", "countMax", "since"])
            {
                if (section.Find(other) is not null)
                {
                    section.Fault(other, "It is for rules about an event.");
                }
            }
        }

        return new ScoreRule(name, group, points, happens, condition ?? Condition.Always)
        {
            Decay = ReadDecay(section),
            CountMax = section.Whole("countMax", ScoringPolicy.CountMaxBuiltIn, 1, 1_000) ?? 1,
            Since = ExampleFacts.ReadTime(section, "since"),
        };
    }

    private ScoreDecay ReadDecay(ConfigSection rule)
    {
        if (rule.Find("decay") is not { IsNothing: false } node)
        {
            return ScoreDecay.None;
        }

        var section = new ConfigSection(
            rule.PathOf("decay"),
            node,
            _faults,
            "percent",
            "everyDays",
            "halfLifeDays",
            "windowDays"
        );
        bool isPercent = section.Find("percent") is not null || section.Find("everyDays") is not null;
        bool isHalfLife = section.Find("halfLifeDays") is not null;
        bool isWindow = section.Find("windowDays") is not null;
        if ((isPercent ? 1 : 0) + (isHalfLife ? 1 : 0) + (isWindow ? 1 : 0) != 1)
        {
            rule.Fault("decay", "It must be one of: {percent, everyDays}, {halfLifeDays}, {windowDays}.");
            return ScoreDecay.None;
        }

        if (isPercent)
        {
            int percent = section.Whole("percent", null, 1, 100) ?? 1;
            int every = section.Whole("everyDays", null, 1, DaysMax) ?? 1;
            return new ScoreDecay(ScoreDecayKind.Percent, every, percent);
        }

        return isHalfLife
            ? new ScoreDecay(ScoreDecayKind.HalfLife, section.Whole("halfLifeDays", null, 1, DaysMax) ?? 1)
            : new ScoreDecay(ScoreDecayKind.Window, section.Whole("windowDays", null, 1, DaysMax) ?? 1);
    }
}
