using System.Security.Claims;
using System.Text.Encodings.Web;
using Customer360.Api.Mcp;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Security;

/// <summary>Authenticates callers by the key in their <c>Authorization</c> header.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    CallerFinder callers
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        FoundCaller found = callers.FindKey(Context);
        if (found.Key is not { } key)
        {
            if (found.Refusal is null)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            Context.Features.Set(new RefusedCaller(found.Refusal));
            return Task.FromResult(AuthenticateResult.Fail("The key does not count."));
        }

        Caller.Set(Context, key);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, key.Name)], SchemeName);
        return Task.FromResult(
            AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName))
        );
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<AskedByBrowser>() is not null)
        {
            Response.Headers.WWWAuthenticate = "Basic realm=\"Customer 360 Grid: an admin key as user name\"";
        }

        if (Context.GetEndpoint()?.Metadata.GetMetadata<ForAgents>() is not null)
        {
            Response.Headers.WWWAuthenticate = ResourceMetadata.Challenge(Context);
        }

        // A token that is wrong leaves no word: it is as a key that nobody has.
        Refusal? refusal =
            Request.Headers.Authorization.Count == 0
                ? null
                : Context.Features.Get<RefusedCaller>()?.Refusal ?? new KeyUnknown();
        return ProblemWriter.WriteAsync(Context, callers.Refuse(Context, new FoundCaller(null, refusal)));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemWriter.WriteAsync(Context, new RoleMissing());
}

/// <summary>The caller's key has a role. It looks at the key, not at claims: that an administrator may do everything is said there.</summary>
internal sealed class RoleRequirement(Roles role) : AuthorizationHandler<RoleRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        if (context.Resource is HttpContext request && Caller.Find(request)?.May(role) == true)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Lets in administrators and callers with a role of the access policy that does this.</summary>
internal sealed class TaskRequirement(RoleTasks task) : AuthorizationHandler<TaskRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, TaskRequirement requirement)
    {
        if (
            context.Resource is HttpContext request
            && Caller.Find(request) is { } caller
            && request.RequestServices.GetRequiredService<AccessTables>().MayDo(Asker.Of(caller).Roles, task)
        )
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
