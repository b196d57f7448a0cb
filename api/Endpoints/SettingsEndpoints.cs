using Customer360.Api.OpenApi;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Endpoints;

/// <summary>What browser and mobile SDKs ask for before they send: where to, and what else to load (nothing).</summary>
public static class SettingsEndpoints
{
    /// <summary>The setting with this service's address as callers see it, where a proxy stands before it.</summary>
    private const string PublicUrl = "Customer360:PublicUrl";

    public static void MapSettings(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/projects/{writeKey}/settings", GetSettings)
            .Describe(CollectDescriptions.Settings)
            .ChecksKeyItself()
            .AllowAnyOrigin();

    private static Results<Ok<SdkSettings>, ProblemResult> GetSettings(
        string writeKey,
        HttpContext context,
        ApiKeys keys,
        IConfiguration configuration
    )
    {
        // Only a key that collects and nothing more belongs into an address; another is not confirmed here.
        if (PresentedKey.FindText(keys, writeKey) is not { Roles: Roles.Collect })
        {
            return new ProblemResult(new NotFound("write key"));
        }

        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(SdkSettings.For(writeKey, AddressOf(context.Request, configuration)));
    }

    private static Uri AddressOf(HttpRequest request, IConfiguration configuration) =>
        configuration[PublicUrl] is { Length: > 0 } configured
            ? new Uri(configured)
            : new Uri($"{request.Scheme}://{request.Host}{request.PathBase}");
}
