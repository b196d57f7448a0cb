using System.Collections.Frozen;
using System.Text.Json;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Routing;

/// <summary>
/// Reads actions: <c>{owner: ID}</c>, <c>{pool: NAME}</c>, <c>{queue: NAME}</c>, or a word such as <c>accountOwner</c>. A pool and a queue must
/// be in the file.
/// </summary>
internal sealed class RoutingActionReader(FrozenSet<string> pools, FrozenSet<string> queues, List<ConfigFault> faults)
{
    /// <summary>The action; null, and a fault, where it can't be read or may not stand here.</summary>
    public RoutingAction? Read(ConfigSection section, string name, params RoutingActionKind[] allowed)
    {
        string known = string.Join(", ", allowed.Select(FormOf));
        RoutingAction? action = section.Find(name) is { } node ? Of(section, name, node) : null;
        if (action is null || !allowed.Contains(action.Kind))
        {
            section.Fault(name, $"It must be one of: {known}.");
            return null;
        }

        if (action.Kind == RoutingActionKind.Pool && !pools.Contains(action.Name))
        {
            section.Fault(name, "The file has no such pool.");
        }

        if (action.Kind == RoutingActionKind.Queue && !queues.Contains(action.Name))
        {
            section.Fault(name, "The file has no such queue.");
        }

        return action;
    }

    /// <summary>The answers; what the file does not answer goes to the queue that answers everything else.</summary>
    public RoutingAnswers ReadAnswers(ConfigSection section)
    {
        RoutingAction otherwise = Read(section, "otherwise", RoutingActionKind.Queue) ?? RoutingAction.Continue;
        var answers = new RoutingAnswers(otherwise);
        return answers with
        {
            Duplicate = ReadOr(
                section,
                "duplicate",
                answers.Duplicate,
                RoutingActionKind.LeadOwner,
                RoutingActionKind.Queue,
                RoutingActionKind.Continue
            ),
            OpenOpportunity = ReadOr(
                section,
                "openOpportunity",
                answers.OpenOpportunity,
                RoutingActionKind.OpportunityOwner,
                RoutingActionKind.AccountOwner,
                RoutingActionKind.Pool,
                RoutingActionKind.Queue,
                RoutingActionKind.Continue
            ),
            TerritoryMissing = ReadOr(
                section,
                "territoryMissing",
                answers.TerritoryMissing,
                RoutingActionKind.Pool,
                RoutingActionKind.Queue,
                RoutingActionKind.Continue
            ),
            OwnerAway = ReadOr(
                section,
                "ownerAway",
                answers.OwnerAway,
                RoutingActionKind.Owner,
                RoutingActionKind.Pool,
                RoutingActionKind.Queue
            ),
            NoCapacity = ReadOr(
                section,
                "noCapacity",
                answers.NoCapacity,
                RoutingActionKind.Owner,
                RoutingActionKind.Pool,
                RoutingActionKind.Queue
            ),
            OutsideHours = ReadOr(
                section,
                "outsideHours",
                answers.OutsideHours,
                RoutingActionKind.Assign,
                RoutingActionKind.Hold,
                RoutingActionKind.Pool,
                RoutingActionKind.Queue
            ),
        };
    }

    private RoutingAction ReadOr(
        ConfigSection section,
        string name,
        RoutingAction otherwise,
        params RoutingActionKind[] allowed
    ) => section.Find(name) is null ? otherwise : Read(section, name, allowed) ?? otherwise;

    private RoutingAction? Of(ConfigSection section, string name, ConfigNode node)
    {
        if (node.Kind == ConfigKind.Text)
        {
            foreach (RoutingActionKind kind in Enum.GetValues<RoutingActionKind>().Where(kind => !HasName(kind)))
            {
                if (WordOf(kind) == node.Text)
                {
                    return new RoutingAction(kind);
                }
            }

            return null;
        }

        if (node.Kind != ConfigKind.Map || node.Members.Length != 1)
        {
            return null;
        }

        var map = new ConfigSection(section.PathOf(name), node, faults);
        string word = node.Members[0].Name;
        foreach (RoutingActionKind kind in Enum.GetValues<RoutingActionKind>().Where(HasName))
        {
            if (WordOf(kind) == word)
            {
                return map.RequiredText(word) is { } text ? new RoutingAction(kind, text) : null;
            }
        }

        return null;
    }

    public static string WordOf(RoutingActionKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static bool HasName(RoutingActionKind kind) =>
        kind is RoutingActionKind.Owner or RoutingActionKind.Pool or RoutingActionKind.Queue;

    private static string FormOf(RoutingActionKind kind) => HasName(kind) ? $"{{{WordOf(kind)}: NAME}}" : WordOf(kind);
}
