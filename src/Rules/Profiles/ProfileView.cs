using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;

namespace Customer360.Rules.Profiles;

/// <summary>An identifier of a profile, and the message that linked it.</summary>
public sealed record ProfileIdentifier(
    Identifier Identifier,
    string MessageId,
    string Source,
    DateTimeOffset LinkedAt,
    string RuleVersion
);

/// <summary>
/// A profile as its readers see it: the join of what was learned under each of the customer's identifiers.
/// </summary>
/// <param name="CustomerId">For example <c>c_7f…</c>.</param>
/// <param name="Version">Rises with every change, never goes back.</param>
/// <param name="Identifiers">By type, then value (ordinal).</param>
public sealed record ProfileView(
    string CustomerId,
    long Version,
    ImmutableArray<ProfileIdentifier> Identifiers,
    ProfileFold Fold
)
{
    /// <summary>True where the profile is over its size and learns aggregates only.</summary>
    public bool IsOversized { get; init; }

    /// <summary>The audiences that it is in, by name (ordinal).</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary>The accounts that the person belongs to.</summary>
    public ImmutableArray<AccountLink> Accounts => StandingAccounts.Of(Fold.Accounts, Identifiers);

    /// <summary>How consent stands, worked out from what is held under each identifier.</summary>
    public ConsentView Consent { get; init; } = ConsentView.Empty;
}
