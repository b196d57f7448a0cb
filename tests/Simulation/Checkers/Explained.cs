using System.Text.Json;
using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 6: every change of identity has a decision record that names its message, its rule version and its inputs; and
/// whatever identifier changed hands did so by the decisions that were recorded since.
/// </summary>
internal sealed class Explained
{
    private const string Name = "6 explained";
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private int _seen;

    public void Check(AtRest rest, Journal journal)
    {
        Step[] news = [.. rest.Decisions.Skip(_seen).Select(decision => StepOf(decision, journal))];
        _seen = rest.Decisions.Count;
        foreach (SeenCustomer customer in rest.Customers.Values)
        {
            foreach (string identifier in OneOwner.Held(customer))
            {
                Follow(identifier, _owners.GetValueOrDefault(identifier, ""), customer.Id, news);
                _owners[identifier] = customer.Id;
            }
        }
    }

    private static void Follow(string identifier, string before, string now, Step[] news)
    {
        HashSet<string> reached = new(StringComparer.Ordinal) { before };
        int count;
        do
        {
            count = reached.Count;
            foreach (Step step in news)
            {
                if (reached.Contains(step.From) && (step.Identifiers is null || step.Identifiers.Contains(identifier)))
                {
                    reached.Add(step.To);
                }
            }
        } while (reached.Count > count);

        ViolationException.ThrowIf(
            !reached.Contains(now),
            Name,
            () => $"no decisions say how {identifier} came from '{before}' to {now}"
        );
    }

    private static Step StepOf(DecisionRecord decision, Journal journal)
    {
        using JsonDocument document = JsonDocument.Parse(decision.Payload);
        JsonElement payload = document.RootElement;
        HashSet<string> identifiers =
        [
            .. payload.GetProperty("identifiers").EnumerateArray().Select(one => one.GetString()!),
        ];
        string? rules = payload.GetProperty("ruleVersion").GetString();
        string cause = payload.TryGetProperty("messageId", out JsonElement messageId)
            ? messageId.GetString()!
            : payload.GetProperty("by").GetString()!;
        ViolationException.ThrowIf(
            rules is null
                || !RulesVariants.IsKnown(rules)
                // A customer that a crash kept from listing what it had claimed brings nothing when it is merged.
                || (identifiers.Count == 0 && decision.Kind is not (DecisionKinds.Merged or DecisionKinds.Refused)),
            Name,
            () => $"the decision {decision.Kind} {decision.Id} lacks its rules or its inputs"
        );
        ViolationException.ThrowIf(
            decision.Kind != DecisionKinds.Split && !journal.WasSent(cause),
            Name,
            () => $"the decision {decision.Kind} {decision.Id} names the message {cause}, which nobody sent"
        );
        return decision.Kind switch
        {
            DecisionKinds.Created or DecisionKinds.Linked => new Step("", decision.CustomerId, identifiers),
            DecisionKinds.Merged => new Step(decision.OtherCustomerId!, decision.CustomerId, null),
            DecisionKinds.Split => new Step(decision.CustomerId, decision.OtherCustomerId!, identifiers),
            _ => new Step("?", "?", identifiers),
        };
    }

    /// <param name="Identifiers">Those that moved; null where all did.</param>
    private sealed record Step(string From, string To, HashSet<string>? Identifiers);
}
