using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Api.Audit;

/// <summary>Who did what: reading the audit log, and the record of who reads profiles.</summary>
public static class AuditEndpoints
{
    private const string Path = "/v1/audit";

    /// <summary>Call it after the grid is added: a silo in this process brings the log itself.</summary>
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<IAuditLog, AuditLogClient>();
        builder.Services.AddSingleton<ReadAudit>();
        builder.Services.AddSingleton<IReadAudit>(provider => provider.GetRequiredService<ReadAudit>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ReadAudit>());
        builder.Services.AddSingleton<AuditHandler>();
        builder.Services.AddSingleton<AuditCheckHandler>();
    }

    public static void MapAuditEndpoints(this IEndpointRouteBuilder routes)
    {
        AuditHandler handler = routes.ServiceProvider.GetRequiredService<AuditHandler>();

        // Roles of the access policy may read; the gate says whether the audit log, too.
        routes.MapGet(Path, handler.List).RequireRole(Roles.Read).Describe(AuditDescriptions.List);
        routes.MapGet($"{Path}/head", handler.GetHead).RequireRole(Roles.Read).Describe(AuditDescriptions.Head);
        AuditCheckHandler checks = routes.ServiceProvider.GetRequiredService<AuditCheckHandler>();
        routes.MapPost($"{Path}:verify", checks.Begin).RequireRole(Roles.Admin).Describe(AuditDescriptions.Verify);
        routes
            .MapGet($"{Path}/verification", (Delegate)checks.GetLast)
            .RequireRole(Roles.Read)
            .Describe(AuditDescriptions.Verification);
    }
}
