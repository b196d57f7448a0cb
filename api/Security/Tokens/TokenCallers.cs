using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Rules.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Customer360.Api.Security.Tokens;

/// <summary>Callers who come with a token of the OpenID provider. What they may do is what the token's roles say.</summary>
public sealed class TokenCallers
{
    /// <summary>The name of the scheme.</summary>
    internal const string SchemeName = "Token";

    private const int SubjectLengthMax = 200;
    private const int RetrySeconds = 2;

    private readonly TokenOptions _options;
    private readonly IssuerKeys _issuer;
    private readonly TokenRoles _roles;

    internal TokenCallers(TokenOptions options, IssuerKeys issuer)
    {
        _options = options;
        _issuer = issuer;
        _roles = new TokenRoles(options);
        Algorithms = options.AlgorithmList;
    }

    private ImmutableArray<string> Algorithms { get; }

    /// <summary>True where the request has a token, right or wrong, and tokens are taken.</summary>
    public bool ShowsToken(HttpContext context) =>
        _options.IsOn && TokenForm.IsToken(PresentedKey.BearerText(context.Request.Headers.Authorization));

    /// <summary>Who comes with a token: for endpoints that look for their caller themselves.</summary>
    public async ValueTask<FoundCaller> Find(HttpContext context)
    {
        AuthenticateResult result = await context.AuthenticateAsync(SchemeName);
        return result.Succeeded
            ? FoundCaller.Of(Caller.Of(context))
            : FoundCaller.Of(context.Features.Get<RefusedCaller>()?.Refusal ?? new KeyUnknown());
    }

    /// <summary>Before the library looks at the token: is it of a form to be taken, and are the keys known to judge it by?</summary>
    internal async Task Begin(MessageReceivedContext received)
    {
        HttpContext context = received.HttpContext;
        string token = PresentedKey.BearerText(context.Request.Headers.Authorization).ToString();
        if (!TokenForm.TryReadHeader(token, Algorithms, out string? keyId))
        {
            received.Fail("The token is not of a form that is taken.");
            return;
        }

        switch (await _issuer.Prepare(keyId, context.RequestAborted))
        {
            case KeyStanding.Known:
                received.Token = token;
                break;
            case KeyStanding.Unknown:
                // The library would try the other keys. A provider that names a key means it.
                received.Fail("The provider publishes no such key.");
                break;
            default:
                context.Features.Set(new RefusedCaller(new Unavailable(RetrySeconds)));
                received.Fail("The provider's keys are not known.");
                break;
        }
    }

    /// <summary>Makes a caller of a token whose signature, issuer, audience and times are right.</summary>
    internal void Accept(TokenValidatedContext validated)
    {
        string token = PresentedKey.BearerText(validated.HttpContext.Request.Headers.Authorization).ToString();
        using JsonDocument? claims = TokenForm.ReadClaims(token);
        if (claims is null || SubjectOf(claims.RootElement) is not { } subject)
        {
            validated.Fail("The token is no access token of a subject.");
            return;
        }

        ImmutableArray<string> roles = _roles.Of(claims.RootElement);
        Caller.Set(
            validated.HttpContext,
            new ApiKey(KeyWords.TokenPrefix + subject, KeyWords.RolesOf(roles))
            {
                RoleNames = roles,
                Kind = CallerKind.Token,
            }
        );
    }

    /// <summary>It stands in audit and logs, so it may hold nothing that would be another line there.</summary>
    private static string? SubjectOf(JsonElement claims) =>
        claims.TryGetProperty("sub"u8, out JsonElement subject)
        && subject.ValueKind == JsonValueKind.String
        && subject.GetString() is { Length: > 0 and <= SubjectLengthMax } text
        && text.All(letter => letter is >= ' ' and < '\u007f' || char.IsLetterOrDigit(letter))
            ? text
            : null;
}
