using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Audiences;

/// <summary>Audiences: how large they are, who is in them and why; and what to show to whom.</summary>
public static class AudiencesEndpoints
{
    public static void AddAudiences(this IServiceCollection services)
    {
        services.AddSingleton<AudiencesHandler>();
        services.AddSingleton<AudiencePreviewHandler>();
        services.AddSingleton<DecideHandler>();
        services.AddPayloads(AudiencesJson.Default);
    }

    public static void MapAudiencesEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        AudiencesHandler audiences = services.GetRequiredService<AudiencesHandler>();
        AudiencePreviewHandler previews = services.GetRequiredService<AudiencePreviewHandler>();
        routes
            .MapGet("/v1/audiences", (Delegate)audiences.List)
            .RequireTask(RoleTasks.Audiences)
            .Describe(AudiencesDescriptions.List);
        routes
            .MapGet("/v1/audiences/{name}", (Delegate)audiences.Get)
            .RequireTask(RoleTasks.Audiences)
            .Describe(AudiencesDescriptions.Get);
        routes
            .MapGet("/v1/audiences/{name}/size", (Delegate)audiences.GetSize)
            .RequireTask(RoleTasks.Audiences)
            .Describe(AudiencesDescriptions.Size);
        routes
            .MapGet("/v1/audiences/{name}/overlap/{other}", (Delegate)audiences.GetOverlap)
            .RequireTask(RoleTasks.Audiences)
            .Describe(AudiencesDescriptions.Overlap);
        routes
            .MapGet("/v1/audiences/{name}/members", (Delegate)audiences.ListMembers)
            .RequireTask(RoleTasks.Audiences)
            .BehindGate()
            .Describe(AudiencesDescriptions.Members);
        routes
            .MapGet($"/v1/audiences/{{name}}/members/{{{PathValues.Identifier}}}", (Delegate)audiences.Explain)
            .RequireTask(RoleTasks.Audiences)
            .BehindGate()
            .Describe(AudiencesDescriptions.Explain);
        routes
            .MapPost("/v1/audiences:preview", (Delegate)previews.Preview)
            .RequireTask(RoleTasks.Audiences)
            .Describe(AudiencesDescriptions.Preview);
        routes
            .MapPost("/v1/audiences:backfill", (Delegate)previews.Backfill)
            .RequireRole(Roles.Admin)
            .Describe(AudiencesDescriptions.Backfill);
        routes
            .MapPost("/v1/decide", (Delegate)services.GetRequiredService<DecideHandler>().Decide)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(AudiencesDescriptions.Decide);
    }
}
