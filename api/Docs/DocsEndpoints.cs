using Customer360.Api.Hosting;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Security;
using Scalar.AspNetCore;

namespace Customer360.Api.Docs;

/// <summary>In Development, a page to try the API.</summary>
public static class DocsEndpoints
{
    /// <summary>Where the API can be tried. In Development only: its script is another's, and its page needs inline scripts.</summary>
    public const string TryPath = "/docs";

    public static void MapDocs(this WebApplication app)
    {
        bool canTry = app.Environment.IsDevelopment();
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
}
