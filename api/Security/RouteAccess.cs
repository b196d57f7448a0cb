using Customer360.Rules.Access;
using Microsoft.AspNetCore.Authorization;

namespace Customer360.Api.Security;

/// <summary>States on endpoints and groups who may call them. One that states nothing is closed to everybody.</summary>
public static class RouteAccess
{
    /// <summary>Only callers whose key has the role; the caller is then <see cref="Caller.Of"/>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, Roles role)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(PolicyOf(role));

    /// <summary>Administrators, and callers with a role of the access policy that does this (<c>does</c>).</summary>
    public static TBuilder RequireTask<TBuilder>(this TBuilder builder, RoleTasks task)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(PolicyOf(task));

    /// <summary>Anybody, without a key: health, the description of the API, what a browser asks before it has one.</summary>
    public static TBuilder OpenToAnybody<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AllowAnonymous().WithMetadata(new OwnKeyCheck(Roles.None));

    /// <summary>
    /// The endpoint looks for a key of this role itself: because it may be in the body or the path, or because the way through
    /// ASP.NET's authentication would cost a busy path too much.
    /// </summary>
    public static TBuilder ChecksKeyItself<TBuilder>(this TBuilder builder, Roles role)
        where TBuilder : IEndpointConventionBuilder => builder.AllowAnonymous().WithMetadata(new OwnKeyCheck(role));

    /// <summary>Without a key the answer says <c>WWW-Authenticate: Basic</c>, so that a browser asks for one.</summary>
    public static TBuilder AsksBrowsers<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AskedByBrowser());

    /// <summary>The name of the policy that lets in who has a role.</summary>
    internal static string PolicyOf(Roles role) => $"role:{role.ToString().ToLowerInvariant()}";

    /// <summary>The name of the policy that lets in who does a task.</summary>
    internal static string PolicyOf(RoleTasks task) => $"task:{task.ToString().ToLowerInvariant()}";

    /// <summary>
    /// The role that a call of an endpoint needs, whoever checks it; none: it is open. Null: it is closed. Where roles of the access
    /// policy may do it, too, it is the administrator's.
    /// </summary>
    internal static Roles? RoleOf(IEnumerable<object> metadata)
    {
        Roles? role = null;
        foreach (object one in metadata)
        {
            role = one switch
            {
                OwnKeyCheck own => own.Role,
                IAuthorizeData { Policy: { } policy } => Enum.GetValues<Roles>()
                    .Where(known => PolicyOf(known) == policy)
                    .DefaultIfEmpty(Roles.Admin)
                    .First(),
                _ => role,
            };
        }

        return role;
    }
}

/// <summary>The endpoint is not for ASP.NET's authorization: it is open, or looks for the key itself.</summary>
/// <param name="Role">The role that it asks for; none: it needs no key.</param>
internal sealed record OwnKeyCheck(Roles Role);

/// <summary>A person comes here with a browser: who has no key is asked for it as a user name.</summary>
internal sealed record AskedByBrowser;
