using System.Collections.Immutable;

namespace Customer360.Rules.Identity;

/// <summary>
/// Identifiers of kind <c>account</c> (a company's domain, a household) join no persons: everybody of the company carries
/// them. A message's anchor stays, alone: its message belongs to it, and to nobody else.
/// </summary>
public static class AccountIdentifiers
{
    /// <summary>Why a decision left one out, as it is recorded.</summary>
    public const string Because = "an account's identifier joins no persons";

    /// <summary>The identifiers that may link persons.</summary>
    /// <param name="identifiers">The anchor first.</param>
    /// <param name="demoted">Gets those that were left out.</param>
    public static ImmutableArray<OwnedIdentifier> LeaveOut(
        ImmutableArray<OwnedIdentifier> identifiers,
        ImmutableArray<DemotedIdentifier>.Builder demoted,
        IdentityRules rules
    )
    {
        if (!rules.HasAccounts)
        {
            return identifiers;
        }

        var kept = ImmutableArray.CreateBuilder<OwnedIdentifier>(identifiers.Length);
        bool isAlone = rules.IsAccount(identifiers[0].Identifier);
        foreach (OwnedIdentifier one in identifiers)
        {
            if (kept.Count == 0 || (!isAlone && !rules.IsAccount(one.Identifier)))
            {
                kept.Add(one);
            }
            else
            {
                demoted.Add(new DemotedIdentifier(one.Identifier, DemotionReason.Account, Because));
            }
        }

        return kept.DrainToImmutable();
    }
}
