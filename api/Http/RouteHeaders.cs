using System.Globalization;

namespace Customer360.Api.Http;

/// <summary>
/// Stated on endpoints that will go: since when nobody should begin to use them (RFC 9745), and when they end (RFC 8594). Neither
/// changes what they do.
/// </summary>
/// <param name="Since">From when on it is deprecated; it may lie ahead.</param>
/// <param name="Sunset">When it ends; null: that is not known yet. Not before <paramref name="Since"/>.</param>
/// <param name="Link">A page that says what to use instead; null: there is none.</param>
public sealed record DeprecatedRoute(DateTimeOffset Since, DateTimeOffset? Sunset = null, Uri? Link = null)
{
    internal string SinceText { get; } = string.Create(CultureInfo.InvariantCulture, $"@{Since.ToUnixTimeSeconds()}");

    internal string? SunsetText { get; } =
        Sunset is { } end && end < Since
            ? throw new ArgumentException("A route must not end before it is deprecated.", nameof(Sunset))
            : Sunset?.ToString("R", CultureInfo.InvariantCulture);

    internal string? LinkText { get; } =
        Link is null ? null : $"<{Link.AbsoluteUri}>; rel=\"deprecation\"; type=\"text/html\"";
}

/// <summary>Writes the headers that endpoints state for all their answers.</summary>
public static class RouteHeaders
{
    /// <summary>Marks endpoints as deprecated; the description of the API says so, too.</summary>
    public static TBuilder Deprecated<TBuilder>(this TBuilder builder, DeprecatedRoute deprecated)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(deprecated);

    /// <summary>Behind the routing.</summary>
    public static void UseRouteHeaders(this IApplicationBuilder app) =>
        app.Use(static next =>
            context =>
            {
                if (context.GetEndpoint()?.Metadata is { } metadata)
                {
                    Write(metadata, context.Response.Headers);
                }

                return next(context);
            }
        );

    private static void Write(EndpointMetadataCollection metadata, IHeaderDictionary headers)
    {
        if (metadata.GetMetadata<PagePolicy>() is { } page)
        {
            headers.ContentSecurityPolicy = page.Policy;
        }

        if (metadata.GetMetadata<DeprecatedRoute>() is not { } deprecated)
        {
            return;
        }

        headers["Deprecation"] = deprecated.SinceText;
        if (deprecated.SunsetText is { } sunset)
        {
            headers["Sunset"] = sunset;
        }

        if (deprecated.LinkText is { } link)
        {
            headers.Append("Link", link);
        }
    }
}
