using Customer360.Rules.Identity;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 4: no two identifiers that rules or a separation keep apart are in one customer. Of the rules this checks the one
/// that all variants of a run have: one <c>user_id</c> a customer.
/// </summary>
internal sealed class KeptApart
{
    private const string Name = "4 kept apart";
    private readonly Dictionary<string, Separation> _separations = new(StringComparer.Ordinal);

    public void Check(AtRest rest)
    {
        // A separation never ends, so one that a customer forgets is found here, too.
        foreach (Separation separation in rest.Customers.Values.SelectMany(customer => customer.Facts.Separations))
        {
            _separations.TryAdd(separation.Id, separation);
        }

        foreach (SeenCustomer customer in rest.Customers.Values)
        {
            HashSet<string> held = [.. OneOwner.Held(customer)];
            ViolationException.ThrowIf(
                held.Count(one => one.StartsWith("user_id:", StringComparison.Ordinal)) > 1,
                Name,
                () => $"{customer.Id} holds two user ids: {string.Join(' ', held)}"
            );
            foreach (Separation separation in _separations.Values)
            {
                ViolationException.ThrowIf(
                    separation.One.Any(one => held.Contains(one.ToString()))
                        && separation.Other.Any(one => held.Contains(one.ToString())),
                    Name,
                    () =>
                        $"{customer.Id} holds {string.Join(' ', held)}; separation {separation.Id} keeps "
                        + $"{string.Join(' ', separation.One)} from {string.Join(' ', separation.Other)}"
                );
            }
        }
    }
}
