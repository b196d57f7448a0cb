using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Receipts;

/// <summary>Receipts of messages, at any time after they were sent.</summary>
public static class ReceiptsEndpoints
{
    public static void AddReceipts(this IServiceCollection services)
    {
        services.AddSingleton<ReceiptsReader>();
        services.AddPayloads(ReceiptsJson.Default);
    }

    public static void MapReceiptsEndpoints(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/v1/receipts/{messageId}",
                (Delegate)routes.ServiceProvider.GetRequiredService<ReceiptsReader>().Get
            )
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ReceiptsDescriptions.Get);
}
