namespace Customer360.Api.Security;

/// <summary>A key of the settings, without its secret: who calls, and what the caller may do.</summary>
/// <param name="Name">Unique. Events that come with the key have it as their source.</param>
public sealed record ApiKey(string Name, Roles Roles)
{
    /// <summary>True where the key has the role; <see cref="Roles.Admin"/> has every role.</summary>
    public bool May(Roles role) => (Roles & (role | Roles.Admin)) != Roles.None;
}
