using System.Net;
using Customer360.Api.Problems;
using Customer360.Api.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Mcp;

/// <summary>What stands before the protocol: which pages may send, how large a call may be, and whose it is.</summary>
internal static class McpGuard
{
    /// <summary>A policy of the greatest length with its escapes, and what stands around it.</summary>
    public const int BodyBytesMax = 8 * 1024 * 1024;

    /// <summary>
    /// Refuses requests that a web page of a foreign origin makes, whatever key they have: a page must not reach a grid on its
    /// reader's machine (DNS rebinding). Programs send no origin. After the routing, before keys.
    /// </summary>
    public static void UseMcpGuard(this IApplicationBuilder app)
    {
        McpOptions options = app.ApplicationServices.GetRequiredService<McpOptions>();
        PublicAddress address = app.ApplicationServices.GetRequiredService<PublicAddress>();
        app.Use(next =>
            context =>
                context.GetEndpoint()?.Metadata.GetMetadata<ForAgents>() is not null
                && context.Request.Headers.Origin is { Count: > 0 } origin
                && !IsAllowed(context.Request, origin, options, address)
                    ? ProblemWriter.WriteAsync(context, new OriginForeign())
                    : next(context)
        );
    }

    /// <summary>Bounds the body, and tells the tools which request they are called by. The last of the conventions.</summary>
    public static TBuilder TakesToolCalls<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next)
            {
                endpoint.RequestDelegate = context => Take(context, next);
            }

            // The library's group leaves a slash at the end, by which nobody would look for it in the description.
            ((RouteEndpointBuilder)endpoint).RoutePattern = RoutePatternFactory.Parse(McpEndpoints.Path);

            // What the library says of its own types can't be described; ours says what a caller has to know.
            foreach (
                object one in endpoint
                    .Metadata.Where(one => one is IAcceptsMetadata or IProducesResponseTypeMetadata)
                    .ToArray()
            )
            {
                endpoint.Metadata.Remove(one);
            }
        });
        return builder;
    }

    private static Task Take(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentLength > BodyBytesMax)
        {
            return ProblemWriter.WriteAsync(context, new BodyTooLarge(BodyBytesMax));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = BodyBytesMax;
        }

        context.RequestServices.GetRequiredService<McpRequest>().Context = context;
        return next(context);
    }

    private static bool IsAllowed(
        HttpRequest request,
        StringValues origin,
        McpOptions options,
        PublicAddress address
    ) =>
        origin is [{ } one]
        && (options.AllowedOriginList.Contains(one, StringComparer.OrdinalIgnoreCase) || IsOwn(request, one, address));

    /// <summary>
    /// The host that a request names may be a name that its sender has turned to this machine: it counts only where the setting
    /// says it, or where it is this machine's own.
    /// </summary>
    private static bool IsOwn(HttpRequest request, string origin, PublicAddress address) =>
        address.Of(request) is { } own
        && (address.IsSet || IsThisMachine(own.Host))
        && string.Equals(own.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase);

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}

/// <summary>A web page of another origin asks.</summary>
public sealed record OriginForeign()
    : RequestRefusal(
        "origin_not_allowed",
        "Pages of this origin may not call this. CUSTOMER360__MCP__ALLOWEDORIGINS names those that may."
    );
