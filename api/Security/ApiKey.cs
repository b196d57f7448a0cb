using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Api.Security;

/// <summary>What somebody showed to be let in.</summary>
public enum CallerKind
{
    /// <summary>A key of the settings or of the grid.</summary>
    Key = 0,

    /// <summary>A token of the OpenID provider.</summary>
    Token = 1,
}

/// <summary>A key without its secret, or what a token says: who calls, and what the caller may do.</summary>
/// <param name="Name">Unique. Events that come with the key have it as their source, unless <see cref="Source"/> says another.</param>
public sealed record ApiKey(string Name, Roles Roles)
{
    /// <summary>
    /// How far the source is believed. A key that can only send may stand in a browser or an app, so it is public unless the
    /// settings say otherwise; one that can read or administer must be secret anyway.
    /// </summary>
    public SourceTrust Trust { get; init; } = Roles == Roles.Collect ? SourceTrust.Public : SourceTrust.Server;

    /// <summary>What the site signs user ids with (<see cref="UserIdSignature"/>); empty: it signs none.</summary>
    public ReadOnlyMemory<byte> SigningSecret { get; init; }

    /// <summary>The roles by their names: <c>collect</c>, <c>read</c>, <c>admin</c>, and those of the access policy.</summary>
    public ImmutableArray<string> RoleNames { get; init; } = [];

    /// <summary>What its reads may be for; empty: what its roles allow.</summary>
    public ImmutableArray<string> Purposes { get; init; } = [];

    /// <summary>The source of what it sends.</summary>
    public string Source { get; init; } = Name;

    public CallerKind Kind { get; init; }

    /// <summary>Requests a minute that a process of the API takes; 0: any; null: as the settings say.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The same of a day (UTC).</summary>
    public int? RequestsPerDay { get; init; }

    /// <summary>
    /// True where the key has the role; <see cref="Roles.Admin"/> has every role. Who has a role of the access policy may read:
    /// the gate says what.
    /// </summary>
    public bool May(Roles role) =>
        (Roles & (role | Roles.Admin)) != Roles.None
        || (role == Roles.Read && RoleNames.Any(Rules.Access.RoleNames.IsOfPolicy));
}
