using Customer360.Rules.Consent;
using Customer360.Simulation.Runs;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 5: what a profile grants is what the messages of its anchors say, and nobody's no became a yes by a merge.
/// </summary>
internal static class ConsentIsJoin
{
    private const string Name = "5 consent";

    public static void Check(AtRest rest, PlainModel model, Marks marks)
    {
        foreach (SeenCustomer customer in rest.Customers.Values)
        {
            if (customer.View is not { } view)
            {
                continue;
            }

            string[] held = [.. OneOwner.Held(customer)];
            string expected = model.Consent(held);
            string said = Said(view.Consent);
            ViolationException.ThrowIf(
                said != expected,
                Name,
                () => $"{customer.Id} ({string.Join(' ', held)}) says\n  {said}\nand its messages say\n  {expected}"
            );
            if (model.Disagrees(held))
            {
                marks.Hit(Mark.ConsentDisagreed);
            }
        }
    }

    /// <summary><c>purpose=granted|denied</c> by purpose.</summary>
    internal static string Said(ConsentView consent) =>
        string.Join(
            ' ',
            consent.Purposes.Select(one =>
                $"{one.Purpose}={(one.Status == ConsentStatus.Granted ? "granted" : "denied")}"
            )
        );
}
