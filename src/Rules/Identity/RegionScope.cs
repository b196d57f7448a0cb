using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// Keeps the regions' identities apart: a customer has identifiers of several regions only together with one of a type
/// that is <c>crossRegion</c>.
/// </summary>
/// <remarks>
/// A message has one region, and a value of a type that is not <c>crossRegion</c> is another identifier in each, so
/// messages alone never break it. It stands against what other rules left behind: when <c>user_id</c> linked two regions
/// and no longer does, those who are joined stay joined, and nobody joins them any more.
/// </remarks>
public static class RegionScope
{
    /// <summary>
    /// Why the customers and the added identifiers must not be one customer (<c>eu and us stay apart: …</c>), or null
    /// where they may. Only what adds to a customer is refused.
    /// </summary>
    public static string? Broken(
        IReadOnlyCollection<CustomerFacts> customers,
        IReadOnlyCollection<Identifier> added,
        IdentityRules rules
    )
    {
        if (rules.Regions is null)
        {
            return null;
        }

        var regions = new SortedSet<string>(StringComparer.Ordinal);
        bool addsToThem = customers.Count > 1;
        foreach (Identifier held in customers.SelectMany(customer => customer.Held).Select(held => held.Identifier))
        {
            if (rules.RegionOf(held) is not { } region)
            {
                return null;
            }

            regions.Add(region);
        }

        foreach (Identifier identifier in added)
        {
            if (rules.RegionOf(identifier) is not { } region)
            {
                return null;
            }

            regions.Add(region);
            addsToThem |= !customers.Any(customer => customer.Held.Any(held => held.Identifier == identifier));
        }

        return addsToThem && regions.Count > 1 ? Because(regions) : null;
    }

    /// <summary>The same value in the other regions: identifiers of their own. Empty where the type is <c>crossRegion</c>.</summary>
    public static ImmutableArray<Identifier> Twins(Identifier identifier, IdentityRules rules)
    {
        if (rules.Regions is not { } regions || rules.RegionOf(identifier) is not { } own)
        {
            return [];
        }

        string type = RegionalType.Base(identifier.Type);
        return
        [
            .. regions
                .Names.Where(region => region != own)
                .Select(region => Identifier.Create(rules.TypeIn(type, region), identifier.Value)),
        ];
    }

    /// <summary>Why an identifier and its twin are two.</summary>
    public static string BecauseOfTwin(Identifier identifier, Identifier twin, IdentityRules rules) =>
        $"{RegionalType.Base(identifier.Type)} is not crossRegion, so its value in region "
        + $"{rules.RegionOf(identifier)} does not link the one in region {rules.RegionOf(twin)}";

    private static string Because(IEnumerable<string> regions) =>
        $"regions {string.Join(" and ", regions)} stay apart: nothing that is crossRegion links them";
}
