namespace Customer360.Api.Security;

/// <summary>What an endpoint asks of its caller. Every endpoint states one; without it nobody gets in.</summary>
/// <param name="Role">The role that the key in the header needs; <see cref="Roles.None"/>: no key is looked for.</param>
public sealed record AccessRule(Roles Role)
{
    internal static AccessRule Nobody { get; } = new(Roles.Admin);
}

/// <summary>States access rules on endpoints and groups.</summary>
public static class AccessRuleExtensions
{
    /// <summary>Only callers whose key has the role; the caller is then <see cref="Caller.Of"/>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, Roles role)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(role));

    /// <summary>Anybody, without a key: health, API description, what a browser asks before it has one.</summary>
    public static TBuilder OpenToAnybody<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(Roles.None));

    /// <summary>The endpoint looks for the key itself, because it may be in the body or the path.</summary>
    public static TBuilder ChecksKeyItself<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessRule(Roles.None));
}
