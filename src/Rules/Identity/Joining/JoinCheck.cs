using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>What can stand against coming together, in the order in which it is asked.</summary>
public enum JoinObstacle
{
    /// <summary>A separation keeps two identifiers apart (<see cref="Separation"/>).</summary>
    Separation = 1,

    /// <summary>Identities of different regions would be one customer (<see cref="RegionScope"/>).</summary>
    Region = 2,

    /// <summary>The limit of a type would be broken (<see cref="IdentifierLimits"/>).</summary>
    Limit = 3,

    /// <summary>A claimed identifier would merge customers that each hold a verified one (<see cref="MergeProof"/>).</summary>
    Claimed = 4,

    /// <summary>A device would merge customers that each hold a person's identifier of one type (<see cref="MergeProof"/>).</summary>
    Device = 5,

    /// <summary>The customer is, or would become, too large (<see cref="ProfileSize"/>).</summary>
    Size = 6,

    /// <summary>
    /// What a public source claims would merge customers that are each known to a trusted source (<see cref="MergeProof"/>).
    /// Asked before the other two of that kind.
    /// </summary>
    PublicSource = 7,
}

/// <summary>Why customers and identifiers must not come together.</summary>
/// <param name="Place">
/// Which of the message's identifiers is left out for it; never the anchor, which stands at 0. 0 where no message asks.
/// </param>
/// <param name="Because">
/// The separation's id, the type whose limit would be broken, <see cref="ProfileSize.TooLarge"/>, or the sentence that says it.
/// </param>
public readonly record struct JoinObjection(JoinObstacle Obstacle, int Place, string Because);

/// <summary>An objection in numbers: what a graph of a million identifiers can afford.</summary>
/// <param name="Number">The separation's number, or the place of the broken limit's rule; else 0.</param>
internal readonly record struct JoinFinding(JoinObstacle Obstacle, int Number, int Place);

/// <summary>
/// Whether customers and identifiers may come together. The one place that decides it: an identity decision asks it before a
/// merge or a link, the older customer when it absorbs, a customer when it takes identifiers on, and the shadow graph.
/// </summary>
public static class JoinCheck
{
    /// <summary>The first objection against all that a message carries, or null where it may be one customer.</summary>
    /// <param name="carried">The message's identifiers with their owners, the anchor first.</param>
    /// <param name="owners">Those owners, each once.</param>
    /// <param name="at">The message's time: limits with a window count by it.</param>
    public static JoinObjection? OfMessage(
        ImmutableArray<OwnedIdentifier> carried,
        ImmutableArray<CustomerFacts> owners,
        DateTimeOffset at,
        IdentityRules rules
    ) => Find(new FactsJoining(owners, carried, [.. carried.Select(one => one.Identifier)], rules), at, rules, true);

    /// <summary>The first objection against a younger customer going into an older one.</summary>
    /// <param name="carried">Those of the message that vouch for it; none where a job asks.</param>
    /// <param name="asksLimits">False where a job asks: it has decided the whole log, limits included.</param>
    /// <param name="isClaimed">The message only claims what it carries.</param>
    public static JoinObjection? OfMerge(
        CustomerFacts older,
        CustomerFacts younger,
        ImmutableArray<Identifier> carried,
        DateTimeOffset at,
        IdentityRules rules,
        bool asksLimits,
        bool isClaimed = false
    )
    {
        ImmutableArray<CustomerFacts> both = [older, younger];
        ImmutableArray<OwnedIdentifier> owned =
        [
            .. carried.Select(identifier => new OwnedIdentifier(
                identifier,
                both.FirstOrDefault(one => one.Held.Any(held => held.Identifier == identifier))
            )
            {
                IsClaimed = isClaimed,
            }),
        ];
        // What the message carries beside the two is another question: it is asked when it is linked.
        return Find(new FactsJoining(both, owned, [], rules), at, rules, asksLimits);
    }

    /// <summary>The first objection against a customer taking identifiers on.</summary>
    /// <param name="asksLimits">False where a job asks: it has decided the whole log, limits included.</param>
    public static JoinObjection? OfLink(
        CustomerFacts customer,
        IReadOnlyCollection<Identifier> added,
        DateTimeOffset at,
        IdentityRules rules,
        bool asksLimits
    ) => Find(new FactsJoining([customer], [], added, rules), at, rules, asksLimits);

    /// <summary>The check itself, over whatever knows the customers.</summary>
    internal static JoinFinding? Find<TJoining>(
        TJoining joining,
        DateTimeOffset at,
        IdentityRules rules,
        bool asksLimits
    )
        where TJoining : IJoining
    {
        int last = Math.Max(0, joining.Carried - 1);
        if (Separations.Broken(joining) is { } separation)
        {
            return new JoinFinding(JoinObstacle.Separation, separation, Separations.PlaceOf(separation, joining));
        }

        if (RegionScope.IsBroken(joining, rules))
        {
            return new JoinFinding(JoinObstacle.Region, 0, last);
        }

        if (asksLimits && IdentifierLimits.Broken(joining, at, rules) is { } type)
        {
            return new JoinFinding(JoinObstacle.Limit, type, last);
        }

        if (MergeProof.Find(joining) is { } unproven)
        {
            return new JoinFinding(unproven.Obstacle, 0, unproven.Place);
        }

        return ProfileSize.IsBroken(joining) ? new JoinFinding(JoinObstacle.Size, 0, last) : null;
    }

    private static JoinObjection? Find(FactsJoining joining, DateTimeOffset at, IdentityRules rules, bool asksLimits) =>
        Find<FactsJoining>(joining, at, rules, asksLimits) is { } found
            ? new JoinObjection(found.Obstacle, found.Place, joining.Because(found))
            : null;
}
