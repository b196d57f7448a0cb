using Customer360.Api.Problems;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Http;

/// <summary>Lets pages of any origin call an endpoint: what a browser SDK needs, and only endpoints that say so have it.</summary>
/// <remarks>
/// The origin is echoed and credentials are allowed, because an SDK may be set to send them and a browser then takes no
/// <c>*</c>. Nothing here trusts a cookie: a page can do no more than its write key can.
/// </remarks>
public static class CrossOrigin
{
    // Fifteen minutes, as rudder-server: fewer preflights, and a changed deployment is seen soon.
    private const string MaxAgeSeconds = "900";

    /// <summary>Marks endpoints as callable from any origin.</summary>
    public static TBuilder AllowAnyOrigin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            endpoint.Metadata.Add(new Marker());
            foreach (HttpMethodMetadata methods in endpoint.Metadata.OfType<HttpMethodMetadata>())
            {
                // Routing then leads a preflight to the endpoint that it asks about.
                methods.AcceptCorsPreflight = true;
            }
        });
        return builder;
    }

    /// <summary>Answers preflights of marked endpoints and marks their responses. After the routing, before access.</summary>
    public static void UseCrossOrigin(this IApplicationBuilder app) =>
        app.Use(next =>
            context =>
                context.Request.Headers.Origin is { Count: > 0 } origin
                && context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null
                    ? Answer(context, origin, next)
                    : next(context)
        );

    private static Task Answer(HttpContext context, StringValues origin, RequestDelegate next)
    {
        bool isPreflight = HttpMethods.IsOptions(context.Request.Method);
        if (HeaderText.FirstThatCanNotBeSent(origin) is not null)
        {
            // No browser sends such an origin, so no page waits for leave; what is sent is taken all the same.
            return isPreflight ? Refuse(context, "Origin") : next(context);
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = "true";
        headers.Append("Vary", "Origin");
        if (!isPreflight)
        {
            headers.AccessControlExposeHeaders =
                "Retry-After, X-RateLimit-Reset, RateLimit, RateLimit-Policy, X-Request-Id";
            return next(context);
        }

        StringValues asked = context.Request.Headers.AccessControlRequestHeaders;
        if (HeaderText.FirstThatCanNotBeSent(asked) is not null)
        {
            return Refuse(context, "Access-Control-Request-Headers");
        }

        headers.Append("Vary", "Access-Control-Request-Headers");
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = asked;
        headers.AccessControlMaxAge = MaxAgeSeconds;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task Refuse(HttpContext context, string header) =>
        ProblemWriter.WriteAsync(context, new HeaderInvalid(header));

    private sealed class Marker;
}
