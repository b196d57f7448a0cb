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
        return traits == account.Traits && !hasMembers
            ? account
            : new AccountFold(
                traits,
                [.. account.Members.Where(member => !targets.Contains(member.Identifier))],
                isTruncated
            );
    }
}
