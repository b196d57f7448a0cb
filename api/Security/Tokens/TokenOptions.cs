using System.Collections.Immutable;

namespace Customer360.Api.Security.Tokens;

/// <summary>Which tokens of an OpenID provider are taken. Section <c>Customer360:Tokens</c> of the settings.</summary>
public sealed class TokenOptions
{
    public const string Section = "Customer360:Tokens";

    private static readonly ImmutableArray<string> s_known =
    [
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
    ];

    /// <summary>The provider's address, exactly as its tokens name it in <c>iss</c>. Default: none, tokens are not taken.</summary>
    public string? Issuer { get; set; }

    /// <summary>What a token must name in <c>aud</c>: this service. Required with <see cref="Issuer"/>.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// The algorithms that a token may be signed with, with commas between. Only those that sign with a private key. Default:
    /// RS256, PS256 and ES256.
    /// </summary>
    public string Algorithms { get; set; } = "RS256,PS256,ES256";

    /// <summary>
    /// What a token may say in <c>typ</c>, with commas between. Default: <c>at+jwt</c>, which marks access tokens (RFC 9068). Some
    /// providers say <c>JWT</c>; what is an id token is refused then by its claims.
    /// </summary>
    public string Types { get; set; } = "at+jwt";

    /// <summary>The claim that holds roles; a dot goes into an object: <c>realm_access.roles</c>. Default: <c>roles</c>.</summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>
    /// Which of the claim's values are which roles: <c>grid-admins=admin, sales-team=sales</c>. Another value gives no role.
    /// Default: <c>collect</c>, <c>read</c> and <c>admin</c>, by these names.
    /// </summary>
    public string Roles { get; set; } = "collect=collect,read=read,admin=admin";

    /// <summary>How far the provider's clock may be from ours. Default: 30 seconds. 60 at most.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>True where tokens are taken.</summary>
    internal bool IsOn => !string.IsNullOrEmpty(Issuer);

    internal ImmutableArray<string> AlgorithmList => ListOf(Algorithms);

    internal ImmutableArray<string> TypeList => ListOf(Types);

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { IsOn: false, Audience.Length: > 0 } => $"{Section}:Audience is set, and {Section}:Issuer is not.",
            { IsOn: false } => null,
            { Audience: not { Length: > 0 } } =>
                $"{Section}:Audience is missing: without it a token that was made for another service would count here.",
            _ when !IssuerKeys.MayAsk(Issuer!) =>
                $"{Section}:Issuer must be an address that begins with https (on this machine, http will do).",
            { AlgorithmList.IsEmpty: true } => $"{Section}:Algorithms must name one at least.",
            _ when AlgorithmList.FirstOrDefault(one => !s_known.Contains(one)) is { } odd =>
                $"{Section}:Algorithms holds '{odd}', and must hold some of {string.Join(", ", s_known)}.",
            { TypeList.IsEmpty: true } => $"{Section}:Types must name one at least.",
            { RolesClaim: not { Length: > 0 } } => $"{Section}:RolesClaim must name a claim.",
            _ when TokenRoles.Problem(Roles) is { } problem => $"{Section}:Roles is not valid: {problem}.",
            _ when ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromSeconds(60) =>
                $"{Section}:ClockSkew must be 0 to 60 seconds.",
            _ => null,
        };

    private static ImmutableArray<string> ListOf(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
