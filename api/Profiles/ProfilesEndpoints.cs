using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Profiles;

/// <summary>Reads of profiles: one, many, and a profile's history.</summary>
/// <remarks>
/// The handlers are asked for once, when the routes are mapped: a request needs no service scope. They take the whole
/// request (no parameter binding), so <c>Describe</c> says what they take and answer.
/// </remarks>
public static class ProfilesEndpoints
{
    public static void AddProfiles(this IServiceCollection services)
    {
        services.AddSingleton<AskedIdentifiers>();
        services.AddSingleton<LeadViewers>();
        services.AddSingleton<ProfileAccess>();
        services.AddSingleton<ProfilesReader>();
        services.AddSingleton<ProfilesBatch>();
        services.AddSingleton<ProfilesFind>();
        services.AddPayloads(FoundProfilesJson.Default);
        services.AddSingleton<ProfilesCompare>();
        services.AddPayloads(ComparisonJson.Default);
        services.AddSingleton<ProfilesTimeline>();
        services.AddSingleton<ProfilesSessions>();
        services.AddSingleton<ProfilesSplit>();
        services.AddSingleton<ProfilesExplain>();
    }

    public static void MapProfilesEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        routes
            .MapGet("/v1/profiles/{identifier}", services.GetRequiredService<ProfilesReader>().Get)
            .ChecksKeyItself(Roles.Read)
            .BehindGate()
            .Describe(ProfilesDescriptions.Get);
        routes
            .MapPost("/v1/profiles:batchGet", services.GetRequiredService<ProfilesBatch>().Get)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ProfilesDescriptions.BatchGet);
        ProfilesFind find = services.GetRequiredService<ProfilesFind>();
        routes
            .MapPost("/v1/profiles:find", (Delegate)find.Find)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ProfilesFindDescriptions.Find);
        ProfilesCompare compare = services.GetRequiredService<ProfilesCompare>();
        routes
            .MapPost("/v1/profiles:compare", (Delegate)compare.Compare)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(CompareDescriptions.Compare);
        routes
            .MapGet("/v1/profiles/{identifier}/timeline", services.GetRequiredService<ProfilesTimeline>().Get)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ProfilesDescriptions.Timeline);
        routes
            .MapGet("/v1/profiles/{identifier}/sessions", services.GetRequiredService<ProfilesSessions>().Get)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ProfilesDescriptions.Sessions);
        ProfilesSplit split = services.GetRequiredService<ProfilesSplit>();
        routes
            .MapPost("/v1/profiles/{identifier}/split", split.Split)
            .RequireRole(Roles.Admin)
            .BehindGate()
            .Describe(SplitDescriptions.Split);
        routes
            .MapPost("/v1/merges/{mergeId}:undo", split.Undo)
            .RequireRole(Roles.Admin)
            .BehindGate()
            .Describe(SplitDescriptions.Undo);
        routes
            .MapGet("/v1/profiles/{identifier}/explain", services.GetRequiredService<ProfilesExplain>().Get)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ProfilesDescriptions.Explain);
    }
}
