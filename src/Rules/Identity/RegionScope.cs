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
    /// <summary>True where coming together would make one of several regions. Only what adds to a customer is refused.</summary>
    internal static bool IsBroken<TJoining>(TJoining joining, IdentityRules rules)
        where TJoining : IJoining
    {
        if (rules.Regions is null)
        {
            return false;
        }

        bool isAddedTo = joining.Customers != 1 || joining.Together > joining.CountOf(0);
        return isAddedTo && joining.Regions is { Count: > 1 };
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

    /// <summary>The sentence that a decision records: <c>regions eu and us stay apart: …</c>.</summary>
    internal static string Because(IEnumerable<string> regions) =>
        $"regions {string.Join(" and ", regions)} stay apart: nothing that is crossRegion links them";
}
