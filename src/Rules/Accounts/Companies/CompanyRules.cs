using System.Collections.Immutable;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Accounts;

/// <summary>Which group ids are the same company.</summary>
public static class CompanyRules
{
    /// <summary>The version that decision records name.</summary>
    public const string Version = "companies-1";

    /// <summary>Group ids that one company may have. A message that joins more joins by mistake.</summary>
    public const int GroupsMax = 100;

    /// <summary>
    /// The group ids that a message says are one company, each once: that of a group call, and the CRM's companies that it carries. One
    /// or none where it says nothing of that kind, or only claims it.
    /// </summary>
    public static ImmutableArray<string> SameCompany(Envelope envelope) =>
        envelope is { Kind: EventKind.Group, GroupId: { } groupId } && envelope.Trust != StatementTrust.Claimed
            ?
            [
                .. envelope
                    .Identifiers.Where(identifier => CrmIdentifiers.IsCompany(identifier.Type))
                    .Select(identifier => CrmIdentifiers.GroupIdOf(new CrmId(identifier.Type, identifier.Value)))
                    .Prepend(groupId)
                    .Distinct(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>What stands against two becoming one; null: nothing.</summary>
    public static JoinObjection? ObjectionTo(Ownership<GroupSet> one, Ownership<GroupSet> other)
    {
        GroupSet together = GroupSet.Union(one.Held, other.Held);
        foreach (Separation separation in Separations.Union(one.Separations, other.Separations))
        {
            if (separation.One.Any(together.Holds) && separation.Other.Any(together.Holds))
            {
                return new JoinObjection(JoinObstacle.Separation, 0, separation.Id);
            }
        }

        return together.Identifiers.Length > GroupsMax
            ? new JoinObjection(JoinObstacle.Size, 0, ProfileSize.TooLarge)
            : null;
    }

    /// <summary>What leaves a company and what stays, or why not.</summary>
    public static Outcome<Parts<GroupSet>> Split(GroupSet held, ImmutableArray<Identifier> leaving) =>
        leaving.IsDefaultOrEmpty ? new SplitOfNothing()
        : leaving.Any(identifier => !held.Holds(identifier)) ? new SplitIdentifierNotHeld()
        : held.Identifiers.All(identifier => leaving.Contains(identifier)) ? new SplitOfEverything()
        : new Parts<GroupSet>(
            new GroupSet([.. held.Identifiers.Where(identifier => leaving.Contains(identifier))]),
            new GroupSet([.. held.Identifiers.Where(identifier => !leaving.Contains(identifier))])
        );
}
