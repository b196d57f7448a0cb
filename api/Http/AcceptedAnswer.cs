using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Customer360.Api.Http;

/// <summary>Status 202 with a payload as JSON that no cache keeps: something has begun, or waits for somebody.</summary>
/// <param name="location">The path at which it can be followed.</param>
public sealed class AcceptedAnswer<T>(string location, T payload) : IResult, IEndpointMetadataProvider
    where T : notnull
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = location;
        return Payload.WriteAsync(httpContext, StatusCodes.Status202Accepted, payload);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(Payload.Describe<T>(StatusCodes.Status202Accepted));
}
