using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 2: every identifier has exactly one owner, that owner lists it, and every stub leads, without a circle, to a
/// live customer.
/// </summary>
internal static class OneOwner
{
    private const string Name = "2 one owner";

    public static void Check(AtRest rest, PlainModel model)
    {
        foreach (string anchor in model.Anchors)
        {
            ViolationException.ThrowIf(
                !rest.Owners.ContainsKey(anchor),
                Name,
                () => $"{anchor} has messages and no owner"
            );
        }

        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SeenCustomer customer in rest.Customers.Values)
        {
            EndOf(rest, customer.Id);
            foreach (string identifier in Held(customer))
            {
                ViolationException.ThrowIf(
                    !listed.TryAdd(identifier, customer.Id),
                    Name,
                    () => $"{identifier} is listed by {listed[identifier]} and by {customer.Id}"
                );
                ViolationException.ThrowIf(
                    rest.Owners.GetValueOrDefault(identifier) != customer.Id,
                    Name,
                    () =>
                        $"{customer.Id} lists {identifier}, whose owner is {rest.Owners.GetValueOrDefault(identifier) ?? "nobody"}"
                );
            }
        }

        foreach ((string identifier, string owner) in rest.Owners)
        {
            // When a crash kept an identifier from being listed, it leads through a stub at most, and its next message takes it on.
            string end = EndOf(rest, owner);
            ViolationException.ThrowIf(
                !listed.ContainsKey(identifier),
                Name,
                () => $"{identifier} is owned by {owner} (now {end}), which does not list it"
            );
        }
    }

    public static IEnumerable<string> Held(SeenCustomer customer) =>
        customer.MovedTo is null ? customer.Facts.Held.Select(held => held.Identifier.ToString()) : [];

    private static string EndOf(AtRest rest, string customer)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { customer };
        string end = customer;
        while (rest.Customers.GetValueOrDefault(end)?.MovedTo is { } next)
        {
            ViolationException.ThrowIf(!seen.Add(next), Name, () => $"the stubs from {customer} lead in a circle");
            end = next;
        }

        ViolationException.ThrowIf(
            end != customer && !rest.Customers.ContainsKey(end),
            Name,
            () => $"the stubs from {customer} lead to {end}, which does not exist"
        );
        return end;
    }
}
