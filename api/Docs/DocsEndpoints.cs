using System.Text;
using Customer360.Api.Hosting;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Scalar.AspNetCore;

namespace Customer360.Api.Docs;

/// <summary>What a newcomer finds with a browser: a page that says what this is, and in Development one to try the API.</summary>
public static class DocsEndpoints
{
    /// <summary>Where the API can be tried. In Development only: its script is another's, and its page needs inline scripts.</summary>
    public const string TryPath = "/docs";

    private const string ContentType = "text/html; charset=utf-8";

    public static void MapDocs(this WebApplication app)
    {
        bool canTry = app.Environment.IsDevelopment();
        byte[] page = Encoding.UTF8.GetBytes(WelcomePage.Html(canTry ? TryPath : null));
        app.MapGet("/", context => Welcome(context.Response, page))
            .OpenToAnybody()
            .AnswerBeforeStart()
            .WithMetadata(PagePolicy.Own)
            .Describe(WelcomePage.Description);
        if (canTry)
        {
            app.MapScalarApiReference(
                    TryPath,
                    static options =>
                        options
                            .WithTitle("Customer 360 Grid")
                            .WithOpenApiRoutePattern(OpenApiRegistration.Path)
                            .DisableDefaultFonts()
                            .DisableTelemetry()
                            .DisableAgent()
                            .DisableMcp()
                            .HideDeveloperTools()
                            .HideClientButton()
                )
                .OpenToAnybody()
                .AnswerBeforeStart()
                .WithMetadata(PagePolicy.WithInlineScripts);
        }
    }

    private static async Task Welcome(HttpResponse response, byte[] page)
    {
        response.Headers.CacheControl = "no-cache";
        response.ContentType = ContentType;
        response.ContentLength = page.Length;
        await response.BodyWriter.WriteAsync(page, response.HttpContext.RequestAborted);
    }
}
