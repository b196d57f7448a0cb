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
        ImmutableArray<Opportunity> opportunities = [.. account.Opportunities.Select(WithoutTargets)];
        bool areSame = opportunities.AsSpan().SequenceEqual(account.Opportunities.AsSpan());
        return traits == account.Traits && !hasMembers && areSame
            ? account
            : new AccountFold(
                traits,
                [.. account.Members.Where(member => !targets.Contains(member.Identifier))],
                isTruncated
            )
            {
                Opportunities = areSame ? account.Opportunities : opportunities,
            };

        // What a CRM says of a deal are texts of people's hands: her name may stand in any of them.
        Opportunity WithoutTargets(Opportunity one) =>
            one with
            {
                Facts = one.Facts with
                {
                    Name = Without(one.Facts.Name),
                    Stage = Without(one.Facts.Stage),
                    AmountText = Without(one.Facts.AmountText),
                    Currency = Without(one.Facts.Currency),
                    CloseDate = Without(one.Facts.CloseDate),
                    Owner = Without(one.Facts.Owner),
                    Contacts =
                    [
                        .. one
                            .Facts.Contacts.Where(contact => !targets.Contains(contact.Identifier))
                            .Select(contact => contact with { Role = Without(contact.Role) }),
                    ],
                },
            };

        string? Without(string? text) =>
            text is not null && targets.AreMentionedIn(text, member: default) ? null : text;
    }
}
