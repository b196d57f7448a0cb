using Customer360.Api.Collect;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Settings;

/// <summary>What browser and mobile SDKs ask for before they send: where to, and what else to load (nothing).</summary>
public static class SettingsEndpoints
{
    public static void AddSdkSettings(this IServiceCollection services) => services.AddSingleton<PublicAddress>();

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        // Asked for now, so a wrong setting ends the start and not the first request.
        _ = routes.ServiceProvider.GetRequiredService<PublicAddress>();
        routes
            .MapGet("/v1/projects/{writeKey}/settings", GetSettings)
            .Describe(CollectDescriptions.Settings)
            .OpenToAnybody()
            .AllowAnyOrigin();
    }

    private static Results<Ok<SdkSettings>, ProblemResult> GetSettings(
        string writeKey,
        HttpContext context,
        CallerFinder callers,
        PublicAddress address,
        IPolicy<ConsentPolicy> consent
    )
    {
        // Only a key that collects and nothing more belongs into an address; another is not confirmed here.
        FoundCaller found = callers.FindText(context, writeKey, mayBeStale: true);
        if (found.Key is not { Roles: Roles.Collect })
        {
            return new ProblemResult(
                found.Key is null && callers.Refuse(context, found) is var refusal and (WrongKeysTooMany or Unavailable)
                    ? refusal
                    : new NotFound("write key")
            );
        }

        if (address.Of(context.Request) is not { } uri)
        {
            return new ProblemResult(new HeaderInvalid("Host"));
        }

        // Whoever asks may say any host. A cache between would show what one asker said to all others.
        context.Response.Headers.CacheControl = address.IsSet ? "public, max-age=300" : "private, max-age=300";
        return TypedResults.Ok(SdkSettings.For(writeKey, uri, consent.Current));
    }
}
