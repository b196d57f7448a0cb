using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Privacy.OpenDsr;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Api.Privacy.OpenDsr;

/// <summary>
/// OpenDSR 2.0: another door to the requests of <c>/v1/privacy/requests</c>. Without a certificate nothing is behind it. The paths of
/// OpenGDPR 1.0 lead to the same.
/// </summary>
public static class OpenDsrEndpoints
{
    /// <summary>The specification wants the major version before the names of the paths.</summary>
    internal const string Root = "/opendsr/v2";

    /// <summary>Who may send and follow requests: the same as at the other door.</summary>
    private const RoleTasks Officer = RoleTasks.Privacy;

    public static void AddOpenDsr(this IServiceCollection services)
    {
        services.TryAddSingleton(OpenDsrProcessor.Off);
        services.AddSingleton<OpenDsrHandler>();
    }

    public static void MapOpenDsr(this IEndpointRouteBuilder routes)
    {
        OpenDsrHandler handler = routes.ServiceProvider.GetRequiredService<OpenDsrHandler>();
        RouteGroupBuilder group = routes.MapGroup(Root);
        group.WithMetadata(OpenDsrProblemShape.Instance);
        // Whoever is called back checks the signature by these, and has no key.
        group.MapGet("/discovery", handler.Discover).OpenToAnybody().Describe(OpenDsrDescriptions.Discover);
        group.MapGet("/certificate", handler.GetCertificate).OpenToAnybody().Describe(OpenDsrDescriptions.Certificate);
        foreach (string requests in (string[])["/requests", "/opengdpr_requests"])
        {
            bool isFormer = requests != "/requests";
            string one = $"{requests}/{{{OpenDsrHandler.RequestId}}}";
            group.MapPost(requests, handler.Create).RequireTask(Officer).Describe(OpenDsrDescriptions.Create(isFormer));
            group.MapGet(one, handler.GetStatus).RequireTask(Officer).Describe(OpenDsrDescriptions.Status(isFormer));
            group.MapDelete(one, handler.Cancel).RequireTask(Officer).Describe(OpenDsrDescriptions.Cancel(isFormer));
        }
    }
}
