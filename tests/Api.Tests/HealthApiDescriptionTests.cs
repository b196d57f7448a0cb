using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests;

/// <summary><c>/openapi/v1.json</c>.</summary>
public sealed class HealthApiDescriptionTests
{
    [Fact]
    public async Task Description_OfEveryRoute_IsThereWithItsWords()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());
        host.Client.DefaultRequestHeaders.Authorization = null;

        JsonElement document = await host.GetJson("/openapi/v1.json");

        JsonElement paths = document.GetProperty("paths");
        var operationIds = new List<string>();
        foreach (RouteEndpoint route in Routes(host))
        {
            string path = "/" + route.RoutePattern.RawText!.TrimStart('/');
            foreach (string method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods)
            {
                Assert.True(paths.TryGetProperty(path, out JsonElement operations), $"{path} is not described.");
                JsonElement operation = operations.GetProperty(method.ToLowerInvariant());
                operationIds.Add(operation.GetProperty("operationId").GetString()!);
                Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty("summary").GetString()), path);
                Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
                Assert.NotEmpty(operation.GetProperty("responses").EnumerateObject());
                foreach (
                    RoutePatternParameter parameter in route.RoutePattern.Parameters.Select(RoutePatternParameter.Of)
                )
                {
                    Assert.Contains(
                        operation.GetProperty("parameters").EnumerateArray(),
                        one =>
                            one.GetProperty("name").GetString() == parameter.Name
                            && one.GetProperty("in").GetString() == "path"
                    );
                }
            }
        }

        Assert.Equal(operationIds.Count, operationIds.Distinct(StringComparer.Ordinal).Count());
        Assert.True(operationIds.Count > 10);
    }

    [Fact]
    public async Task Description_OfAReadRoute_SaysWhoMayAndWhatGoesWrong()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());

        JsonElement document = await host.GetJson("/openapi/v1.json");

        JsonElement get = document.GetProperty("paths").GetProperty("/v1/profiles/{identifier}").GetProperty("get");
        Assert.Equal("getProfile", get.GetProperty("operationId").GetString());
        Assert.Equal(
            ["200", "304", "400", "401", "403", "404", "503"],
            get.GetProperty("responses").EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal)
        );
        JsonElement notFound = get.GetProperty("responses").GetProperty("404").GetProperty("content");
        Assert.Equal(
            404,
            notFound.GetProperty("application/problem+json").GetProperty("example").GetProperty("status").GetInt32()
        );
        Assert.Equal(2, get.GetProperty("security").GetArrayLength());
        Assert.True(document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("bearer", out _));
        JsonElement segment = document
            .GetProperty("paths")
            .GetProperty("/v1/spaces/{space}/collections/{collection}/profiles/{identifier}/traits")
            .GetProperty("get")
            .GetProperty("responses")
            .GetProperty("401")
            .GetProperty("content");
        Assert.Equal(
            "authentication_error",
            segment
                .GetProperty("application/json")
                .GetProperty("example")
                .GetProperty("error")
                .GetProperty("code")
                .GetString()
        );
        JsonElement live = document.GetProperty("paths").GetProperty("/health/live").GetProperty("get");
        Assert.False(live.TryGetProperty("security", out _));
    }

    private static IEnumerable<RouteEndpoint> Routes(ProfilesHost host) =>
        host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => !route.RoutePattern.RawText!.Contains("openapi", StringComparison.Ordinal));

    private sealed record RoutePatternParameter(string Name)
    {
        public static RoutePatternParameter Of(Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart part) =>
            new(part.Name);
    }
}
