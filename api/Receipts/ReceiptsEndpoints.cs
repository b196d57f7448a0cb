using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Receipts;

/// <summary>Receipts of messages, at any time after they were sent.</summary>
public static class ReceiptsEndpoints
{
    public static void MapReceiptsEndpoints(this IEndpointRouteBuilder routes)
    {
        var reader = new ReceiptsReader(routes.ServiceProvider.GetRequiredService<ProfileAccess>());
        routes
            .MapGet("/v1/receipts/{messageId}", reader.Get)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(ReceiptsDescriptions.Get);
    }
}
