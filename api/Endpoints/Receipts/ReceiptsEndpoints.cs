using Customer360.Api.OpenApi;
using Customer360.Api.Security;

namespace Customer360.Api.Endpoints.Receipts;

/// <summary>Receipts of messages, at any time after they were sent.</summary>
public static class ReceiptsEndpoints
{
    public static void MapReceiptsEndpoints(this IEndpointRouteBuilder routes)
    {
        var reader = new ReceiptsReader(routes.ServiceProvider.GetRequiredService<IGrainFactory>());
        routes
            .MapGet("/v1/receipts/{messageId}", reader.Get)
            .RequireRole(Roles.Read)
            .Describe(ReceiptsDescriptions.Get);
    }
}
