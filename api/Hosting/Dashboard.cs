using Customer360.Api.Http;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Silo.Cluster;
using Orleans.Dashboard;

namespace Customer360.Api.Hosting;

/// <summary>Orleans' dashboard, for administrators. A browser asks for the key as a user name.</summary>
public static class Dashboard
{
    public const string Path = "/dashboard";

    // Shows the stored state of any grain whose key one knows, past every rule of who may see what.
    private const string GrainState = "/GrainState";

    public static void MapDashboard(this WebApplication app)
    {
        if (!ClusterOperations.HasDashboard(app.Configuration))
        {
            return;
        }

        RouteGroupBuilder dashboard = app.MapOrleansDashboard(Path);
        dashboard
            .RequireRole(Roles.Admin)
            .AsksBrowsers()
            .WithMetadata(PagePolicy.WithInlineScripts)
            .ExcludeFromDescription();
        ((IEndpointConventionBuilder)dashboard).Finally(static endpoint =>
        {
            if (
                endpoint is RouteEndpointBuilder route
                && route.RoutePattern.RawText?.EndsWith(GrainState, StringComparison.OrdinalIgnoreCase) == true
            )
            {
                route.RequestDelegate = NotFound;
            }
        });
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
