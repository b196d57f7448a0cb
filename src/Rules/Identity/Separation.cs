using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// A must-not-link: no identifier of the one side may ever be in one customer with one of the other side. Made by a split
/// or by undoing a merge, kept by every customer that holds one of its identifiers.
/// </summary>
/// <param name="Id"><c>s_</c> and 32 hexadecimal digits, derived from the split that made it.</param>
/// <param name="One">What was split off.</param>
/// <param name="Other">What stayed.</param>
public sealed record Separation(string Id, ImmutableArray<Identifier> One, ImmutableArray<Identifier> Other);

/// <summary>What separations forbid.</summary>
public static class Separations
{
    /// <summary>The first separation, by id, that coming together would break; null where none would.</summary>
    internal static int? Broken<TJoining>(TJoining joining)
        where TJoining : IJoining
    {
        foreach (int separation in joining.Separations)
        {
            if (joining.IsThere(separation, SeparationSide.One) && joining.IsThere(separation, SeparationSide.Other))
            {
                return separation;
            }
        }

        return null;
    }

    /// <summary>
    /// Which carried identifier goes for it. Of those that the separation keeps from the anchor, by themselves or by their
    /// owner, the last by priority; where it is not about the anchor, the last of those that it is about.
    /// </summary>
    internal static int PlaceOf<TJoining>(int separation, TJoining joining)
        where TJoining : IJoining
    {
        if (joining.Carried == 0)
        {
            return 0;
        }

        bool isAnchorOnOne = joining.IsOn(separation, SeparationSide.One, 0);
        bool isAnchorOnOther = joining.IsOn(separation, SeparationSide.Other, 0);
        for (int place = joining.Carried - 1; place > 0; place--)
        {
            if (
                (!isAnchorOnOne && joining.IsOn(separation, SeparationSide.One, place))
                || (!isAnchorOnOther && joining.IsOn(separation, SeparationSide.Other, place))
            )
            {
                return place;
            }
        }

        // The anchor's own customer holds both sides: the anchor stays in any case, the message belongs to it.
        return joining.Carried - 1;
    }

    /// <summary>Those of the separations that mention one of the identifiers.</summary>
    public static ImmutableArray<Separation> About(
        ImmutableArray<Separation> separations,
        IEnumerable<Identifier> identifiers
    )
    {
        if (separations.IsEmpty)
        {
            return separations;
        }

        HashSet<Identifier> wanted = [.. identifiers];
        return
        [
            .. separations.Where(separation =>
                separation.One.Any(wanted.Contains) || separation.Other.Any(wanted.Contains)
            ),
        ];
    }

    /// <summary>Both lists in one, each separation once, by id.</summary>
    public static ImmutableArray<Separation> Union(ImmutableArray<Separation> left, ImmutableArray<Separation> right) =>
        right.IsEmpty ? left
        : left.IsEmpty ? right
        :
        [
            .. left.Concat(right)
                .DistinctBy(separation => separation.Id)
                .OrderBy(separation => separation.Id, StringComparer.Ordinal),
        ];
}
