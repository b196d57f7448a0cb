namespace Customer360.Rules.Identity;

/// <summary>Whether the limits of the types allow coming together.</summary>
internal static class IdentifierLimits
{
    /// <summary>The earliest link time that still counts at <paramref name="at"/>.</summary>
    public static DateTimeOffset WindowStart(LimitWindow window, DateTimeOffset at) =>
        window switch
        {
            LimitWindow.Weekly => at.AddDays(-7),
            LimitWindow.Monthly => at.AddMonths(-1),
            LimitWindow.Annually => at.AddYears(-1),
            _ => DateTimeOffset.MinValue,
        };

    /// <summary>The place of the first rule whose limit would be broken; null where all hold.</summary>
    /// <remarks>
    /// A type counts only where coming together adds to it: a customer that is over a limit already (the rules became
    /// stricter) still takes its own messages.
    /// </remarks>
    internal static int? Broken<TJoining>(TJoining joining, DateTimeOffset at, IdentityRules rules)
        where TJoining : IJoining
    {
        for (int type = 0; type < rules.Identifiers.Length; type++)
        {
            IdentifierRule rule = rules.Identifiers[type];
            // A window lets fewer count. So what is within the limit without one is not looked at closer.
            if (
                joining.TogetherOf(type, DateTimeOffset.MinValue) > rule.Limit
                && IsBroken(joining, type, rule.Limit, WindowStart(rule.Window, at))
            )
            {
                return type;
            }
        }

        return null;
    }

    private static bool IsBroken<TJoining>(TJoining joining, int type, int limit, DateTimeOffset since)
        where TJoining : IJoining
    {
        int together = joining.TogetherOf(type, since);
        int largest = 0;
        for (int customer = 0; customer < joining.Customers; customer++)
        {
            largest = Math.Max(largest, joining.CountOf(customer, type, since));
        }

        return together > limit && together > largest;
    }
}
