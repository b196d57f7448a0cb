using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Segment;

/// <summary>
/// Segment's Profile API in Segment's shapes, so that its clients read from here unchanged.
/// </summary>
/// <remarks>
/// There is one space: any name that is not empty stands for it. An access token is a key with the role <c>read</c>,
/// given as the user of Basic authentication. Profiles are also found by <c>customer:c_…</c>, which the cursors use.
/// </remarks>
public static class SegmentEndpoints
{
    private const string Profile = "/v1/spaces/{space}/collections/{collection}/profiles/{identifier}";

    public static void AddSegmentProfiles(this IServiceCollection services)
    {
        services.AddSingleton<SegmentTraits>();
        services.AddSingleton<SegmentExternalIds>();
        services.AddSingleton<SegmentEvents>();
        services.AddSingleton<SegmentMetadata>();
        services.AddSingleton<SegmentLinks>();
    }

    /// <summary>Gives every answer of the space paths, also refusals before the handler, its <c>Request-Id</c>.</summary>
    public static void UseSegmentRequestId(this IApplicationBuilder app) =>
        app.Use(
            static (context, next) =>
            {
                if (context.GetEndpoint()?.Metadata.GetMetadata<SegmentProblemShape>() is not null)
                {
                    context.Response.Headers["Request-Id"] = context.TraceIdentifier;
                }

                return next(context);
            }
        );

    public static void MapSegmentEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        RouteGroupBuilder profile = routes.MapGroup(Profile);
        profile.RequireRole(Roles.Read).BehindGate(isStrict: false).WithMetadata(SegmentProblemShape.Instance);
        profile
            .MapGet("/traits", services.GetRequiredService<SegmentTraits>().Get)
            .Describe(SegmentDescriptions.Traits);
        profile
            .MapGet("/external_ids", services.GetRequiredService<SegmentExternalIds>().Get)
            .Describe(SegmentDescriptions.ExternalIds);
        profile
            .MapGet("/events", services.GetRequiredService<SegmentEvents>().Get)
            .Describe(SegmentDescriptions.Events);
        profile
            .MapGet("/metadata", services.GetRequiredService<SegmentMetadata>().Get)
            .Describe(SegmentDescriptions.Metadata);
        profile.MapGet("/links", services.GetRequiredService<SegmentLinks>().Get).Describe(SegmentDescriptions.Links);
    }
}
