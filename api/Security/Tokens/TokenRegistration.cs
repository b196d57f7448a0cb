using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Customer360.Api.Security.Tokens;

/// <summary>Wires the taking of tokens into the host.</summary>
internal static class TokenRegistration
{
    public static void AddTokenCallers(this IServiceCollection services)
    {
        services.TryAddSingleton(new TokenOptions());
        services.TryAddSingleton<IssuerKeys>();
        services.TryAddSingleton(provider => new TokenCallers(
            provider.GetRequiredService<TokenOptions>(),
            provider.GetRequiredService<IssuerKeys>()
        ));
        services.AddAuthentication().AddJwtBearer(TokenCallers.SchemeName);
        services
            .AddOptions<JwtBearerOptions>(TokenCallers.SchemeName)
            .Configure<TokenOptions, IssuerKeys, TokenCallers>(Configure);
    }

    private static void Configure(
        JwtBearerOptions bearer,
        TokenOptions options,
        IssuerKeys issuer,
        TokenCallers callers
    )
    {
        bearer.ConfigurationManager = issuer;
        bearer.RefreshOnIssuerKeyNotFound = false;
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        bearer.IncludeErrorDetails = false;
        bearer.TokenHandlers.Clear();
        bearer.TokenHandlers.Add(new JsonWebTokenHandler { MaximumTokenSizeInBytes = TokenForm.LengthMax });
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = options.AlgorithmList,
            ValidTypes = options.TypeList,
            ClockSkew = options.ClockSkew,
            RequireAudience = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateLifetime = true,
            ValidateIssuerSigningKey = true,
            LogTokenId = false,
            LogValidationExceptions = false,
        };
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = callers.Begin,
            OnTokenValidated = validated =>
            {
                callers.Accept(validated);
                return Task.CompletedTask;
            },
        };
    }
}
