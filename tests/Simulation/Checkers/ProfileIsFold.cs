using System.Text.Json.Nodes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>Invariant 3: a profile equals the fold of the messages whose anchors it owns.</summary>
internal static class ProfileIsFold
{
    private const string Name = "3 profile is fold";

    public static void Check(AtRest rest, PlainModel model)
    {
        foreach (SeenCustomer customer in rest.Customers.Values)
        {
            if (customer.View is not { } view)
            {
                continue;
            }

            string expected = model.Profile(OneOwner.Held(customer));
            string said = Said(view.Fold);
            ViolationException.ThrowIf(
                said != expected,
                Name,
                () =>
                    $"{customer.Id} ({string.Join(' ', OneOwner.Held(customer))}) says\n  {said}\nand its messages say\n  {expected}"
            );
        }
    }

    /// <summary>The fold in the plain model's words.</summary>
    private static string Said(ProfileFold fold)
    {
        string events = string.Join(
            ',',
            fold.Counters.OrderBy(counter => counter.Name, StringComparer.Ordinal)
                .Select(counter => $"{counter.Name}={counter.Count}")
        );
        string? plan = new TraitWinners(fold, MastershipPolicy.Latest).Find("plan") is { } winner
            ? JsonNode.Parse(winner.ValueJson.Span)!.GetValue<string>()
            : null;
        return $"count={fold.MessageCount} events={events} plan={plan}";
    }
}
