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
public sealed record Separation(string Id, ImmutableArray<Identifier> One, ImmutableArray<Identifier> Other)
{
    public bool Mentions(Identifier identifier) => One.Contains(identifier) || Other.Contains(identifier);
}

/// <summary>What separations forbid.</summary>
public static class Separations
{
    /// <summary>
    /// The first separation that would be broken if the customers' identifiers and the added ones were held by one customer,
    /// or null where none would.
    /// </summary>
    public static Separation? Broken(IReadOnlyCollection<CustomerFacts> customers, IEnumerable<Identifier> added)
    {
        // Hardly any customer has one, so the usual case touches nothing.
        if (customers.All(customer => customer.Separations.IsEmpty))
        {
            return null;
        }

        HashSet<Identifier> union =
        [
            .. customers.SelectMany(customer => customer.Held).Select(held => held.Identifier),
            .. added,
        ];
        return customers
            .SelectMany(customer => customer.Separations)
            .OrderBy(separation => separation.Id, StringComparer.Ordinal)
            .FirstOrDefault(separation => separation.One.Any(union.Contains) && separation.Other.Any(union.Contains));
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
