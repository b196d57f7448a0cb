using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>Why a decision left an identifier out.</summary>
public enum DemotionReason
{
    /// <summary>The limit of a type would have been broken.</summary>
    Limit = 1,

    /// <summary>A separation keeps it apart from the message's other identifiers.</summary>
    Separation = 2,
}

/// <summary>An identifier that a decision left out, and what asked for it.</summary>
/// <param name="Because">The type whose limit would have been broken, or the separation's id.</param>
public readonly record struct DemotedIdentifier(Identifier Identifier, DemotionReason Reason, string Because);

/// <summary>What to do with the identifiers of one message.</summary>
/// <param name="Identifiers">What the customer is to hold afterwards, by priority; the anchor is always among them.</param>
/// <param name="Demoted">What was left out, in the order of leaving.</param>
public abstract record IdentityDecision(
    ImmutableArray<Identifier> Identifiers,
    ImmutableArray<DemotedIdentifier> Demoted
)
{
    /// <summary>Nobody owns any of them: a new customer.</summary>
    public sealed record Create(ImmutableArray<Identifier> Identifiers, ImmutableArray<DemotedIdentifier> Demoted)
        : IdentityDecision(Identifiers, Demoted);

    /// <summary>One customer owns some of them and takes the others on.</summary>
    public sealed record Link(
        string CustomerId,
        ImmutableArray<Identifier> Identifiers,
        ImmutableArray<DemotedIdentifier> Demoted
    ) : IdentityDecision(Identifiers, Demoted);

    /// <summary>Several customers own them: the younger ones merge into the oldest.</summary>
    /// <param name="Younger">The youngest first.</param>
    public sealed record Merge(
        string Oldest,
        ImmutableArray<string> Younger,
        ImmutableArray<Identifier> Identifiers,
        ImmutableArray<DemotedIdentifier> Demoted
    ) : IdentityDecision(Identifiers, Demoted);

    /// <summary>
    /// Decides. Segment Unify's algorithm: none known: create; one: attach; several: merge if the limits allow; over a
    /// limit: leave out the message's identifier of the lowest priority and decide again. Where a separation stands against
    /// it, the identifier that the separation is about is left out, not an innocent one.
    /// </summary>
    /// <param name="identifiers">The message's, by priority, with their owners. At least one.</param>
    /// <param name="at">The message's time.</param>
    /// <param name="rules">The rules in force.</param>
    /// <remarks>
    /// It ends: an anchor alone is either unknown or owned by one customer, and neither adds to what a customer holds.
    /// </remarks>
    public static IdentityDecision Decide(
        ImmutableArray<OwnedIdentifier> identifiers,
        DateTimeOffset at,
        IdentityRules rules
    )
    {
        var demoted = ImmutableArray.CreateBuilder<DemotedIdentifier>();
        ImmutableArray<OwnedIdentifier> kept = identifiers;
        while (true)
        {
            ImmutableArray<Identifier> names = [.. kept.Select(one => one.Identifier)];
            ImmutableArray<CustomerFacts> owners =
            [
                .. kept.Where(one => one.Owner is not null)
                    .Select(one => one.Owner!)
                    .DistinctBy(owner => owner.CustomerId)
                    .OrderBy(owner => owner.CustomerId, StringComparer.Ordinal),
            ];
            if (kept.Length == 1)
            {
                return Of(owners, names, demoted.ToImmutable());
            }

            if (Separations.Broken(owners, names) is { } separation)
            {
                int place = PlaceOf(separation, kept);
                demoted.Add(new DemotedIdentifier(kept[place].Identifier, DemotionReason.Separation, separation.Id));
                kept = kept.RemoveAt(place);
            }
            else if (IdentifierLimits.Broken(owners, names, at, rules) is { } broken)
            {
                demoted.Add(new DemotedIdentifier(kept[^1].Identifier, DemotionReason.Limit, broken.Type));
                kept = kept.RemoveAt(kept.Length - 1);
            }
            else
            {
                return Of(owners, names, demoted.ToImmutable());
            }
        }
    }

    /// <summary>Of the identifiers that the separation is about, by themselves or by their owner, the last by priority.</summary>
    private static int PlaceOf(Separation separation, ImmutableArray<OwnedIdentifier> kept)
    {
        for (int place = kept.Length - 1; place > 0; place--)
        {
            OwnedIdentifier one = kept[place];
            if (
                separation.Mentions(one.Identifier)
                || (one.Owner is { } owner && owner.Held.Any(held => separation.Mentions(held.Identifier)))
            )
            {
                return place;
            }
        }

        // The anchor stays in any case: the message belongs to it.
        return kept.Length - 1;
    }

    private static IdentityDecision Of(
        ImmutableArray<CustomerFacts> owners,
        ImmutableArray<Identifier> names,
        ImmutableArray<DemotedIdentifier> demoted
    ) =>
        owners.Length switch
        {
            0 => new Create(names, demoted),
            1 => new Link(owners[0].CustomerId, names, demoted),
            _ => new Merge(
                owners[0].CustomerId,
                [.. owners.Skip(1).Select(owner => owner.CustomerId).Reverse()],
                names,
                demoted
            ),
        };
}
