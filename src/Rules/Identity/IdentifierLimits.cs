using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>Whether customers and identifiers may come together under the limits of each type.</summary>
public static class IdentifierLimits
{
    /// <summary>
    /// The first rule that would be broken if the customers' identifiers and the added ones were held by one customer, or
    /// null where all hold.
    /// </summary>
    /// <remarks>
    /// A type counts only where coming together adds to it: a customer that is over a limit already (the rules became
    /// stricter) still takes its own messages.
    /// </remarks>
    public static IdentifierRule? Broken(
        IEnumerable<CustomerFacts> customers,
        IReadOnlyCollection<Identifier> added,
        DateTimeOffset at,
        IdentityRules rules
    )
    {
        List<CustomerFacts> parts = [.. customers];
        foreach (IdentifierRule rule in rules.Identifiers)
        {
            DateTimeOffset since = WindowStart(rule.Window, at);
            var union = new HashSet<Identifier>();
            int largest = 0;
            foreach (CustomerFacts part in parts)
            {
                int own = 0;
                foreach (HeldIdentifier held in part.Held)
                {
                    if (RegionalType.Is(held.Identifier.Type, rule.Type) && held.LinkedAt >= since)
                    {
                        own++;
                        union.Add(held.Identifier);
                    }
                }

                largest = Math.Max(largest, own);
            }

            foreach (Identifier identifier in added)
            {
                if (RegionalType.Is(identifier.Type, rule.Type) && !IsHeld(parts, identifier))
                {
                    union.Add(identifier);
                }
            }

            if (union.Count > rule.Limit && union.Count > largest)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The earliest link time that still counts at <paramref name="at"/>.</summary>
    public static DateTimeOffset WindowStart(LimitWindow window, DateTimeOffset at) =>
        window switch
        {
            LimitWindow.Weekly => at.AddDays(-7),
            LimitWindow.Monthly => at.AddMonths(-1),
            LimitWindow.Annually => at.AddYears(-1),
            _ => DateTimeOffset.MinValue,
        };

    private static bool IsHeld(List<CustomerFacts> parts, Identifier identifier)
    {
        foreach (CustomerFacts part in parts)
        {
            foreach (HeldIdentifier held in part.Held)
            {
                if (held.Identifier == identifier)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
