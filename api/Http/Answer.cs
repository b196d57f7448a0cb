using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Customer360.Api.Http;

/// <summary>
/// Status 200 with a payload as JSON that no cache keeps: the result of handlers whose answers are described by their types.
/// </summary>
/// <remarks>ASP.NET's own <c>Ok</c> would put a charset behind the content type, which JSON does not have (RFC 8259, 11).</remarks>
public sealed class Answer<T>(T payload) : IResult, IEndpointMetadataProvider
    where T : notnull
{
    /// <summary>The entity tag with its quotes; null: the answer has none.</summary>
    public string? ETag { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (ETag is not null)
        {
            httpContext.Response.Headers.ETag = ETag;
        }

        return Payload.WriteAsync(httpContext, StatusCodes.Status200OK, payload);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(Payload.Describe<T>(StatusCodes.Status200OK));
}
