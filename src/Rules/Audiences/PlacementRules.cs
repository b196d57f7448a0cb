using System.Collections.Immutable;
using Customer360.Rules.Conditions;

namespace Customer360.Rules.Audiences;

/// <summary>What a person sees at a place.</summary>
/// <param name="Rule">The rule that decided; null: none did.</param>
/// <param name="IsControl">The person is in the control group: it is what everybody would see without rules.</param>
/// <param name="Trace">Each rule up to the one that decided.</param>
public sealed record PlacementChoice(
    string Placement,
    string Variant,
    string? Rule,
    bool IsControl,
    ImmutableArray<(string Rule, ConditionTrace Trace)> Trace
);

/// <summary>Chooses variants: ordered rules, the first that is true decides.</summary>
public static class PlacementRules
{
    private const int Hundredths = 10_000;
    private const string Control = "control";

    /// <param name="audiences">Those that the person is in and that may be used now.</param>
    /// <param name="candidates">Variants that can be shown now; empty: any. One that can't be shown is passed over.</param>
    public static PlacementChoice Choose(
        Placement placement,
        string customerId,
        IEnumerable<string> audiences,
        IReadOnlyCollection<string> candidates,
        DateTimeOffset at
    )
    {
        if (Assignment.Of(customerId, $"{placement.Name} {Control}") < placement.ControlPercent * Hundredths / 100)
        {
            return new PlacementChoice(placement.Name, placement.Otherwise, null, IsControl: true, []);
        }

        var facts = new AudienceFacts(() => FactSet.Empty, _ => null, new Dictionary<string, ComputedTrait>(), at);
        foreach (string audience in audiences)
        {
            facts.Enter(audience);
        }

        List<(string, ConditionTrace)> trace = [];
        foreach (DecisionRule rule in placement.Rules)
        {
            ConditionTrace found = rule.If.Trace(facts, at);
            trace.Add((rule.Name, found));
            ImmutableArray<VariantShare> shares =
            [
                .. rule.Shares.Where(share => candidates.Count == 0 || candidates.Contains(share.Variant)),
            ];
            if (found.Outcome == Truth.True && !shares.IsEmpty)
            {
                return new PlacementChoice(
                    placement.Name,
                    Deal(shares, Assignment.Of(customerId, KeyOf(placement, rule))),
                    rule.Name,
                    IsControl: false,
                    [.. trace]
                );
            }
        }

        return new PlacementChoice(placement.Name, placement.Otherwise, null, IsControl: false, [.. trace]);
    }

    /// <summary>A rule may have the control group's name, and is not dealt by the control group's hash.</summary>
    private static string KeyOf(Placement placement, DecisionRule rule) =>
        rule.Name == Control ? $"{placement.Name} rule {Control}" : $"{placement.Name} {rule.Name}";

    private static string Deal(ImmutableArray<VariantShare> shares, int place)
    {
        long sum = shares.Sum(share => (long)share.Weight);
        long until = 0;
        foreach (VariantShare share in shares)
        {
            until += share.Weight;
            if (place * sum < until * Hundredths)
            {
                return share.Variant;
            }
        }

        return shares[^1].Variant;
    }
}
