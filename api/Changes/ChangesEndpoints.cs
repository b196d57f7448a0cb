using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Audiences;
using Customer360.Rules.Policies;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Changes;

/// <summary>Changes as they come: of a profile, and of who is in an audience, as server-sent events.</summary>
public static class ChangesEndpoints
{
    public static void AddChanges(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ChangesOptions>>().Value);
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<ChangeSignals>();
        services.AddSingleton<IChangeListener>(provider => provider.GetRequiredService<ChangeSignals>());
        services.AddSingleton<ChangesFollower>();
    }

    public static void MapChangesEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        ChangesFollower follower = services.GetRequiredService<ChangesFollower>();
        ProfileAccess access = services.GetRequiredService<ProfileAccess>();
        IPolicy<AudiencePolicy> audiences = services.GetRequiredService<IPolicy<AudiencePolicy>>();
        CallerCursors cursors = services.GetRequiredService<CallerCursors>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        routes
            .MapGet(
                "/v1/profiles/{identifier}/changes",
                context =>
                    follower.Follow(context, RoleTasks.None, new FollowedProfile(access, PathValues.InRegion(context)))
            )
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ChangesDescriptions.OfProfile);
        routes
            .MapGet(
                "/v1/audiences/{name}/changes",
                context =>
                    follower.Follow(
                        context,
                        RoleTasks.Audiences,
                        new FollowedAudience(
                            access,
                            audiences,
                            cursors,
                            time,
                            (string)context.Request.RouteValues["name"]!
                        )
                    )
            )
            .RequireTask(RoleTasks.Audiences)
            .BehindGate()
            .Describe(ChangesDescriptions.OfAudience);
    }
}
