using Customer360.Api.Problems;

namespace Customer360.Api.Security;

/// <summary>Lets a request in if its key has the role that the endpoint asks for.</summary>
/// <remarks>
/// Ours rather than ASP.NET's authentication: one header, one lookup, no principal. It costs a profile read next to
/// nothing. An endpoint that forgot to state its <see cref="AccessRule"/> is closed to all but administrators.
/// </remarks>
public sealed class AccessMiddleware(RequestDelegate next, ApiKeys keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        // What routing itself answers (404, 405) is no route endpoint and shows nothing.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context);
        }

        Roles role = (endpoint.Metadata.GetMetadata<AccessRule>() ?? AccessRule.Nobody).Role;
        if (role == Roles.None)
        {
            return next(context);
        }

        string? header = context.Request.Headers.Authorization;
        ApiKey? key = PresentedKey.Find(keys, header);
        if (key is null)
        {
            return ProblemWriter.WriteAsync(context, header is null ? new KeyMissing() : new KeyUnknown());
        }

        if (!key.May(role))
        {
            return ProblemWriter.WriteAsync(context, new RoleMissing());
        }

        Caller.Set(context, key);
        return next(context);
    }
}
