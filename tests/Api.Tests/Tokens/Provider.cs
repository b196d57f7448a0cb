using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Customer360.Api.Tests.Tokens;

/// <summary>A real OpenID provider (OpenIddict) on loopback. It can change its keys, and be away.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string Audience = "customer360";

    /// <summary>A parameter of the page where people sign in.</summary>
    public const string Person = "person";

    private readonly WebApplication _app;
    private int _keyReads;
    private volatile bool _isAway;

    private Provider(WebApplication app, RSA key, string keyId)
    {
        _app = app;
        Key = key;
        KeyId = keyId;
    }

    /// <summary>The key that it signs with.</summary>
    public RSA Key { get; private set; }

    public string KeyId { get; private set; }

    /// <summary>As its tokens name it.</summary>
    public string Issuer => $"{_app.Urls.Single()}/";

    /// <summary>How often its keys were read.</summary>
    public int KeyReads => Volatile.Read(ref _keyReads);

    /// <summary>The settings by which its tokens are taken.</summary>
    public Dictionary<string, string?> Settings =>
        new(StringComparer.Ordinal)
        {
            ["Customer360:Tokens:Issuer"] = Issuer,
            ["Customer360:Tokens:Audience"] = Audience,
            ["Customer360:Tokens:RolesClaim"] = "roles",
            ["Customer360:Tokens:Roles"] = "grid-readers=read,grid-senders=collect,grid-admins=admin",
        };

    public bool IsAway
    {
        set => _isAway = value;
    }

    public static async Task<Provider> Start()
    {
        var key = RSA.Create(2048);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder
            .Services.AddOpenIddict()
            .AddServer(server =>
            {
                server.EnableDegradedMode();
                server.SetTokenEndpointUris("connect/token").AllowClientCredentialsFlow();
                server.SetAuthorizationEndpointUris("connect/authorize").AllowAuthorizationCodeFlow();
                server.RequireProofKeyForCodeExchange().DisableScopeValidation();
                server.AddEphemeralEncryptionKey().DisableAccessTokenEncryption();
                server.AddSigningKey(new RsaSecurityKey(key) { KeyId = "key-1" });
                server.UseAspNetCore().DisableTransportSecurityRequirement();
                server.AddEventHandler<ValidateTokenRequestContext>(handler =>
                    handler.UseInlineHandler(static _ => ValueTask.CompletedTask)
                );
                server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(Issue));
                server.AddEventHandler<ValidateAuthorizationRequestContext>(handler =>
                    handler.UseInlineHandler(static _ => ValueTask.CompletedTask)
                );
                server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(LetIn));
            });
        WebApplication app = builder.Build();
        var provider = new Provider(app, key, "key-1");
        app.Use(next => context => provider.Watch(context, next));
        app.UseAuthentication();
        await app.StartAsync();

        // The first answers of a provider take seconds where many tests run; nobody is to measure that.
        using var http = new HttpClient { BaseAddress = new Uri(provider.Issuer) };
        await http.GetStringAsync(new Uri(".well-known/openid-configuration", UriKind.Relative));
        await http.GetStringAsync(new Uri(".well-known/jwks", UriKind.Relative));
        Interlocked.Exchange(ref provider._keyReads, 0);
        return provider;
    }

    /// <summary>A token of the provider's own making. The subject's roles are in its name: <c>ann-grid-readers</c>.</summary>
    public async Task<string> Token(string subject)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Issuer) };
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = subject,
                ["client_secret"] = "secret",
            }
        );
        using HttpResponseMessage response = await http.PostAsync("connect/token", form);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return ProfilesHost.Parse(text).GetProperty("access_token").GetString()!;
    }

    /// <summary>From now on it signs with another key, and publishes that one alone.</summary>
    public void ChangeKey()
    {
        Key = RSA.Create(2048);
        KeyId = $"{KeyId}+";
        List<SigningCredentials> credentials = _app
            .Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>()
            .CurrentValue.SigningCredentials;
        credentials.Insert(
            0,
            new SigningCredentials(new RsaSecurityKey(Key) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256)
        );
        credentials.RemoveRange(1, credentials.Count - 1);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static ValueTask Issue(HandleTokenRequestContext context)
    {
        context.SignIn(
            context.Request.IsAuthorizationCodeGrantType() ? context.Principal! : PrincipalOf(context.ClientId!)
        );
        return ValueTask.CompletedTask;
    }

    /// <summary>A person who comes to sign in is who the parameter <see cref="Person"/> says; without it they are sent back with an error.</summary>
    private static ValueTask LetIn(HandleAuthorizationRequestContext context)
    {
        if ((string?)context.Request.GetParameter(Person) is { } subject)
        {
            ClaimsPrincipal principal = PrincipalOf(subject);
            principal.SetScopes(context.Request.GetScopes());
            principal.SetResources(Audience);
            context.SignIn(principal);
        }
        else
        {
            context.Reject(OpenIddictConstants.Errors.AccessDenied);
        }

        return ValueTask.CompletedTask;
    }

    private static ClaimsPrincipal PrincipalOf(string subject)
    {
        var identity = new ClaimsIdentity("test");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, subject);
        int roles = subject.IndexOf('-', StringComparison.Ordinal);
        if (roles > 0)
        {
            identity.SetClaims("roles", [.. subject[(roles + 1)..].Split('+')]);
        }

        identity.SetAudiences(Audience);
        identity.SetDestinations(static claim =>
            claim.Type == OpenIddictConstants.Claims.Subject
                ? [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]
                : [OpenIddictConstants.Destinations.AccessToken]
        );
        return new ClaimsPrincipal(identity);
    }

    private Task Watch(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value!.EndsWith("jwks", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _keyReads);
        }

        if (!_isAway)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}

/// <summary>A token put together by hand, to have what no library would write.</summary>
internal sealed class RawToken(Provider provider)
{
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public Dictionary<string, object?> Header { get; } =
        new(StringComparer.Ordinal)
        {
            ["alg"] = "RS256",
            ["typ"] = "at+jwt",
            ["kid"] = provider.KeyId,
        };

    public Dictionary<string, object?> Claims { get; } =
        new(StringComparer.Ordinal)
        {
            ["iss"] = provider.Issuer,
            ["aud"] = Provider.Audience,
            ["sub"] = "ann",
            ["roles"] = new[] { "grid-admins" },
            ["exp"] = Now.AddMinutes(10).ToUnixTimeSeconds(),
            ["iat"] = Now.ToUnixTimeSeconds(),
        };

    /// <summary>JSON in place of what <see cref="Header"/> gives.</summary>
    public string? HeaderJson { get; set; }

    /// <summary>JSON in place of what <see cref="Claims"/> gives.</summary>
    public string? ClaimsJson { get; set; }

    public Func<byte[], byte[]> Sign { get; set; } =
        data => provider.Key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public override string ToString()
    {
        string header = HeaderJson ?? JsonSerializer.Serialize(Header);
        string claims = ClaimsJson ?? JsonSerializer.Serialize(Claims);
        string body = $"{Encode(header)}.{Encode(claims)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{body}.{Base64UrlEncoder.Encode(Sign(System.Text.Encoding.ASCII.GetBytes(body)))}"
        );
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(System.Text.Encoding.UTF8.GetBytes(json));
}
