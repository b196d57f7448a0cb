using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Leads;

/// <summary>
/// Reads <c>lifecycle.yaml</c>: <c>begins</c>, <c>stages</c>, <c>exits</c>, <c>route</c>, <c>reject</c> and <c>moves</c>.
/// </summary>
internal sealed class LifecyclePolicyReader(PolicyFile file)
{
    private const int StagesMax = 50;
    private const int MovesMax = 500;

    private readonly List<ConfigFault> _faults = file.Faults;

    /// <summary>The policy; null after a fault.</summary>
    public LifecyclePolicy? Read()
    {
        ConfigSection root = file.Section("begins", "stages", "exits", "route", "reject", "moves");
        ImmutableArray<string> stages = Texts(root, "stages");
        if (stages.Length is 0 or > StagesMax)
        {
            root.Fault("stages", "It must be a list of 1 to 50 stages, the first one first.");
        }

        var exits = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var exitSection = new ConfigSection("exits", root.Find("exits"), _faults);
        foreach (ConfigMember exit in exitSection.Members)
        {
            if (stages.Contains(exit.Name))
            {
                exitSection.Fault(exit.Name, "It is a stage of the path already.");
            }

            exits[exit.Name] = Texts(exitSection, exit.Name).Sort(StringComparer.Ordinal);
            if (exits[exit.Name].IsEmpty)
            {
                exitSection.Fault(exit.Name, "It must have a code at least: a lead leaves for a reason.");
            }
        }

        ImmutableArray<string> reject = Texts(root, "reject").Sort(StringComparer.Ordinal);
        var policy = new LifecyclePolicy(stages, exits.ToImmutable(), [], reject)
        {
            Begins = root.Find("begins") is { } begins
                ? new ConditionReader(LeadFacts.Catalog, _faults).Read(begins, "begins")
                : null,
            Routed = Texts(root, "route"),
        };
        foreach (string _ in policy.Routed.Where(stage => policy.PlaceOf(stage) < 0))
        {
            root.Fault("route", "It must name stages of the path.");
        }

        ImmutableArray<LifecycleMove> moves = ReadMoves(root, policy);
        return _faults.Count > 0 ? null : policy with { Moves = moves };
    }

    private ImmutableArray<LifecycleMove> ReadMoves(ConfigSection root, LifecyclePolicy policy)
    {
        if (root.Find("moves") is not { IsNothing: false } list)
        {
            return [];
        }

        if (list.Kind != ConfigKind.List || list.Items.Length > MovesMax)
        {
            root.Fault("moves", "It must be a list of 500 moves at most.");
            return [];
        }

        var conditions = new ConditionReader(LeadFacts.Catalog, _faults);
        var moves = ImmutableArray.CreateBuilder<LifecycleMove>(list.Items.Length);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < list.Items.Length; index++)
        {
            var section = new ConfigSection(
                string.Create(CultureInfo.InvariantCulture, $"moves[{index}]"),
                list.Items[index],
                _faults,
                "name",
                "from",
                "to",
                "if",
                "needs",
                "code"
            );
            string name = section.RequiredText("name") ?? "";
            if (name.Length > 0 && !lines.TryAdd(name, section.LineOf("name")))
            {
                section.Fault(
                    "name",
                    string.Create(CultureInfo.InvariantCulture, $"It is there twice; first in line {lines[name]}.")
                );
            }

            if (ReadMove(section, name, policy, conditions) is { } move)
            {
                moves.Add(move);
            }
        }

        return moves.DrainToImmutable();
    }

    private static LifecycleMove? ReadMove(
        ConfigSection section,
        string name,
        LifecyclePolicy policy,
        ConditionReader conditions
    )
    {
        string to = section.RequiredText("to") ?? "";
        if (to.Length > 0 && !policy.IsStage(to))
        {
            section.Fault("to", "The file has no such stage.");
        }

        ImmutableArray<string> from = Texts(section, "from");
        if (from.IsEmpty)
        {
            section.Fault("from", "It must say from which stages.");
        }

        foreach (string stage in from)
        {
            if (!policy.IsStage(stage))
            {
                section.Fault("from", "The file has no such stage.");
            }
            else if (policy.IsStage(to) && !policy.MayGo(stage, to))
            {
                section.Fault("from", "The path goes forward only; a lead comes back by an exit.");
            }
        }

        string? code = section.Find("code") is null ? null : section.RequiredText("code");
        if (policy.Exits.TryGetValue(to, out ImmutableArray<string> codes) && (code is null || !codes.Contains(code)))
        {
            section.Fault("code", $"It must be one of the exit's codes: {string.Join(", ", codes)}.");
        }

        ImmutableArray<string> needs = Texts(section, "needs");
        foreach (string fact in needs.Where(fact => LeadFacts.Catalog.KindOf(fact) is null))
        {
            section.Fault("needs", $"There is no such fact. Known: {LeadFacts.Catalog.Names}.");
        }

        if (section.Find("if") is not { } given)
        {
            section.Fault("if", "It is missing.");
            return null;
        }

        return conditions.Read(given, section.PathOf("if")) is { } condition
            ? new LifecycleMove(name, from, to, condition, needs.Sort(StringComparer.Ordinal), code)
            : null;
    }

    private static ImmutableArray<string> Texts(ConfigSection section, string name) =>
        [.. section.Texts(name).Select(text => text.Text)];
}
