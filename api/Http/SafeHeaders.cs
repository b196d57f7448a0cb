using Microsoft.Extensions.Primitives;

namespace Customer360.Api.Http;

/// <summary>What browsers are told on every answer, so that nothing that people sent is ever run, framed or passed on.</summary>
/// <remarks>
/// Answers hold what people sent. A browser must take their content type as it is said, run and load nothing from them, and tell
/// no other site the address that they came from, which may name a person. Pages of our own say what they need with a
/// <see cref="PagePolicy"/>. Over TLS a browser is told to come with TLS from now on.
/// </remarks>
internal static class SafeHeaders
{
    private static readonly StringValues s_noSniff = "nosniff";
    private static readonly StringValues s_noReferrer = "no-referrer";
    private static readonly StringValues s_nothing = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues s_aYear = "max-age=31536000";

    public static void UseSafeHeaders(this IApplicationBuilder app) =>
        app.Use(next =>
            context =>
            {
                IHeaderDictionary headers = context.Response.Headers;
                headers.XContentTypeOptions = s_noSniff;
                headers["Referrer-Policy"] = s_noReferrer;
                headers.ContentSecurityPolicy = s_nothing;
                if (context.Request.IsHttps)
                {
                    headers.StrictTransportSecurity = s_aYear;
                }

                return next(context);
            }
        );
}

/// <summary>Stated on endpoints that answer with a page: what the page may load.</summary>
/// <param name="Policy">The value of <c>Content-Security-Policy</c>.</param>
internal sealed record PagePolicy(string Policy)
{
    /// <summary>A page whose scripts, styles and pictures are files of this server; small marks may be pictures within its styles.</summary>
    public static PagePolicy Console { get; } =
        new(
            "default-src 'self'; img-src 'self' data:; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        );

    /// <summary>A page of another maker, which holds scripts and styles itself; they too reach no other host.</summary>
    public static PagePolicy WithInlineScripts { get; } =
        new(
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
                + "font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'"
        );
}
