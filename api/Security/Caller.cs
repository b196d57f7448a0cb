namespace Customer360.Api.Security;

/// <summary>The key that a request was let in with.</summary>
public static class Caller
{
    /// <summary>The caller of an endpoint with a role.</summary>
    /// <exception cref="InvalidOperationException">The endpoint asks for no role, so nobody was looked for.</exception>
    public static ApiKey Of(HttpContext context) =>
        context.Features.Get<ApiKey>() ?? throw new InvalidOperationException("The endpoint has no required role.");

    /// <summary>The caller, or null where there is none.</summary>
    internal static ApiKey? Find(HttpContext context) => context.Features.Get<ApiKey>();

    internal static void Set(HttpContext context, ApiKey key) => context.Features.Set(key);
}
