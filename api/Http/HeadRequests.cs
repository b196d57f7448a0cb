using Microsoft.AspNetCore.Http.Features;

namespace Customer360.Api.Http;

/// <summary>
/// HEAD wherever there is GET (RFC 9110, 9.3.2): monitors and load balancers ask so whether a service is there. ASP.NET's
/// routes answer it with 405 unless each says otherwise.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Has a HEAD request answered as GET, without the body. Before the routing, which goes by the method.</summary>
    public static void UseHeadAsGet(this IApplicationBuilder app) =>
        app.Use(next => context => HttpMethods.IsHead(context.Request.Method) ? Answer(context, next) : next(context));

    private static async Task Answer(HttpContext context, RequestDelegate next)
    {
        context.Request.Method = HttpMethods.Get;
        IHttpResponseBodyFeature whole = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null, whole));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(whole);
            context.Request.Method = HttpMethods.Head;
        }
    }
}
