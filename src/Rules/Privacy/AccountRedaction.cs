using System.Collections.Immutable;
using Customer360.Rules.Accounts;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Privacy;

/// <summary>Takes erased people out of what is known of a company.</summary>
public static class AccountRedaction
{
    /// <summary>The account without them as members and without mentions of them; the same object where it has none.</summary>
    public static AccountFold Redact(AccountFold account, ErasureTargets targets)
    {
        bool isTruncated = account.IsTruncated;
        ImmutableArray<Trait> traits = FoldRedaction.Redact(account.Traits, targets, ref isTruncated);
        bool hasMembers = account.Members.Any(member => targets.Contains(member.Identifier));
        bool hasContacts = account.Opportunities.Any(one => one.Facts.Contacts.Any(IsTarget));
        return traits == account.Traits && !hasMembers && !hasContacts
            ? account
            : new AccountFold(
                traits,
                [.. account.Members.Where(member => !targets.Contains(member.Identifier))],
                isTruncated
            )
            {
                Opportunities = hasContacts ? [.. account.Opportunities.Select(WithoutTargets)] : account.Opportunities,
            };

        bool IsTarget(OpportunityContact contact) => targets.Contains(contact.Identifier);

        Opportunity WithoutTargets(Opportunity one) =>
            one with
            {
                Facts = one.Facts with { Contacts = [.. one.Facts.Contacts.Where(contact => !IsTarget(contact))] },
            };
    }
}
