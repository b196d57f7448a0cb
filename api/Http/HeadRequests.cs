using Microsoft.AspNetCore.Http.Features;

namespace Customer360.Api.Http;

/// <summary>
/// HEAD wherever there is GET (RFC 9110, 9.3.2): monitors and load balancers ask so whether a service is there. ASP.NET's
/// routes answer it with 405 unless each says otherwise.
/// </summary>
internal static class HeadRequests
{
    private static readonly object s_mark = new();

    /// <summary>Has a HEAD request answered as GET, without the body. Before the routing, which goes by the method.</summary>
    public static void UseHeadAsGet(this IApplicationBuilder app) =>
        app.Use(next => context => HttpMethods.IsHead(context.Request.Method) ? Answer(context, next) : next(context));

    /// <summary>True where only the head was asked for: what a GET would use up must not be used up by that.</summary>
    public static bool IsHead(this HttpContext context) => context.Items.ContainsKey(s_mark);

    private static async Task Answer(HttpContext context, RequestDelegate next)
    {
        context.Request.Method = HttpMethods.Get;
        context.Items[s_mark] = s_mark;
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
