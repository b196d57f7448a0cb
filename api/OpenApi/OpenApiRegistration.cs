using Customer360.Api.Security;
using Microsoft.OpenApi;

namespace Customer360.Api.OpenApi;

/// <summary>Serves the description of the API at <c>/openapi/v1.json</c>.</summary>
public static class OpenApiRegistration
{
    /// <summary>Where the description is.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>The name of the scheme in the document: <c>Authorization: Bearer key</c>.</summary>
    public const string Bearer = "bearer";

    /// <summary>The name of the scheme in the document: Basic, with the key as user and no password.</summary>
    public const string Basic = "basic";

    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        Introduce(document);
                        ApiTags.Describe(document);
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(RouteDescriptionTransformer.Apply);
                options.DescribeRawJson();
            }
        );

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").OpenToAnybody();

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Customer 360 Grid",
            Version = "1",
            Description =
                "Collects customer events and answers with resolved profiles. Errors are problem details (RFC 9457), "
                + "except on Segment's paths, which answer in its shapes. Times are RFC 3339 in UTC.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                Description = "A key, or an access token of the OpenID provider that the settings name.",
            },
            [Basic] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Basic,
                Description = "The key as user, no password: what Segment's clients send.",
            },
        };
    }
}
