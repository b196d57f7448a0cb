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

    /// <summary>It, or the message's anchor, is quarantined.</summary>
    Quarantine = 3,

    /// <summary>The customer would have become, or is, too large.</summary>
    Size = 4,

    /// <summary>It would have brought identities of different regions together (<see cref="RegionScope"/>).</summary>
    Region = 5,

    /// <summary>It would have merged customers, and its trust or kind does not suffice (<see cref="MergeProof"/>).</summary>
    Proof = 6,

    /// <summary>It, or the message's anchor, is an account's (<see cref="AccountIdentifiers"/>).</summary>
    Account = 7,
}

/// <summary>An identifier that a decision left out, and what asked for it.</summary>
/// <param name="Because">
/// The type whose limit would have been broken, the separation's id, <see cref="Containment.Quarantined"/>,
/// <see cref="ProfileSize.TooLarge"/> or, of other reasons, the sentence that says it.
/// </param>
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
    /// it, the identifier that the separation is about is left out, not an innocent one. What is quarantined, or
    /// an account's, is left out before.
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
        ImmutableArray<OwnedIdentifier> kept = AccountIdentifiers.LeaveOut(
            Containment.LeaveOut(identifiers, demoted),
            demoted,
            rules
        );
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
            if (kept.Length == 1 || JoinCheck.OfMessage(kept, owners, at, rules) is not { } objection)
            {
                return Of(owners, names, demoted.ToImmutable());
            }

            demoted.Add(
                new DemotedIdentifier(kept[objection.Place].Identifier, ReasonOf(objection.Obstacle), objection.Because)
            );
            kept = kept.RemoveAt(objection.Place);
        }
    }

    private static DemotionReason ReasonOf(JoinObstacle obstacle) =>
        obstacle switch
        {
            JoinObstacle.Separation => DemotionReason.Separation,
            JoinObstacle.Region => DemotionReason.Region,
            JoinObstacle.Limit => DemotionReason.Limit,
            JoinObstacle.Size => DemotionReason.Size,
            _ => DemotionReason.Proof,
        };

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
