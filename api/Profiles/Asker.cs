using System.Runtime.CompilerServices;
using Customer360.Api.Access;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Profiles;

/// <summary>Who wants to see something, and what for: what the gate is asked with.</summary>
/// <param name="Caller">The key that the request came with.</param>
/// <param name="Purpose">What the data is for.</param>
internal readonly record struct Asker(ApiKey Caller, Purpose Purpose)
{
    // A key is asked about again and again, and what its roles come to does not change while it lives.
    private static readonly ConditionalWeakTable<ApiKey, RoleSet> s_roles = [];

    /// <summary>
    /// What the caller is. Where a key names its roles, the names alone count: <see cref="ApiKey.Roles"/> then say which routes they
    /// open, and whoever has a role of the access policy may ask where readers ask.
    /// </summary>
    public RoleSet Roles => s_roles.GetValue(Caller, RolesOf);

    /// <summary>The caller of a request that was let in with a key, and the purpose that the request states.</summary>
    /// <exception cref="InvalidOperationException">Nobody looked for a key.</exception>
    public static Asker Of(HttpContext context) => Of(Security.Caller.Of(context), context);

    /// <summary>The same where the key is known already.</summary>
    public static Asker Of(ApiKey caller, HttpContext context) =>
        new(caller, new Purpose(GateQueries.PurposeOf(context)));

    /// <summary>A caller who did not say what for.</summary>
    public static Asker Of(ApiKey caller) => new(caller, Purpose.Unstated);

    private static RoleSet RolesOf(ApiKey key) =>
        key.RoleNames.IsEmpty
            ? RoleSet.Of(key.Roles, [], key.Purposes)
            : RoleSet.Of(Rules.Access.Roles.None, key.RoleNames, key.Purposes);
}
