using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Quarantine;

/// <summary>What the grid has set apart: identifiers that link too many people, and messages that could not be applied.</summary>
/// <remarks>The lists are for whoever reads: the gate says who sees them.</remarks>
public static class QuarantineEndpoints
{
    public static void AddQuarantine(this IServiceCollection services)
    {
        services.AddSingleton<QuarantineIdentifiers>();
        services.AddSingleton<QuarantineMessages>();
        services.AddPayloads(QuarantineJson.Default);
    }

    public static void MapQuarantineEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        routes
            .MapGet("/v1/quarantine/identifiers", services.GetRequiredService<QuarantineIdentifiers>().List)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(QuarantineDescriptions.ListIdentifiers);
        routes
            .MapPost(
                "/v1/quarantine/identifiers/{identifier}:release",
                (Delegate)services.GetRequiredService<QuarantineIdentifiers>().Release
            )
            .RequireRole(Roles.Admin)
            .BehindGate()
            .Describe(QuarantineDescriptions.ReleaseIdentifier);
        routes
            .MapGet("/v1/quarantine/messages", services.GetRequiredService<QuarantineMessages>().List)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(QuarantineDescriptions.ListMessages);
        routes
            .MapPost(
                "/v1/quarantine/messages/{partition}-{position}:retry",
                (Delegate)services.GetRequiredService<QuarantineMessages>().Retry
            )
            .RequireRole(Roles.Admin)
            .BehindGate()
            .Describe(QuarantineDescriptions.RetryMessage);
        routes
            .MapPost("/v1/quarantine:redrive", services.GetRequiredService<QuarantineMessages>().Redrive)
            .RequireRole(Roles.Admin)
            // A misspelt filter must not mean all.
            .BehindGate()
            .Describe(QuarantineDescriptions.Redrive);
    }
}
