using System.Text.Json;
using Customer360.Api.Console;
using Customer360.Api.Tests.Http;
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

    [Fact]
    public async Task Description_OfATypedRoom_HasASchemaForEachAnswerAndBody()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());

        JsonElement document = await host.GetJson("/openapi/v1.json");

        var shape = new DescribedShape(document);
        List<string> described = [];
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject().Where(IsTyped))
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                IEnumerable<JsonElement> parts = operation
                    .Value.GetProperty("responses")
                    .EnumerateObject()
                    .Where(response => response.Name.StartsWith('2'))
                    .Select(response => response.Value);
                if (operation.Value.TryGetProperty("requestBody", out JsonElement body))
                {
                    parts = parts.Append(body);
                }

                foreach (JsonElement part in parts)
                {
                    foreach (JsonProperty media in part.GetProperty("content").EnumerateObject().Where(IsJson))
                    {
                        JsonElement schema = shape.Resolve(media.Value.GetProperty("schema"));
                        string id = operation.Value.GetProperty("operationId").GetString()!;
                        Assert.True(schema.TryGetProperty("properties", out JsonElement members), id);
                        Assert.NotEmpty(members.EnumerateObject());
                        // Those of the cluster are told by their types alone.
                        Assert.True(id == "getCluster" || media.Value.TryGetProperty("example", out _), id);
                        described.Add(id);
                    }
                }
            }
        }

        Assert.Equal(
            [
                "applyDryRun",
                "approvePolicy",
                "approvePolicy",
                "cancelJob",
                "checkRebuild",
                "dryRunPolicy",
                "dryRunPolicy",
                "getAccount",
                "getCluster",
                "getJob",
                "getPolicy",
                "getPolicyHistory",
                "getReceipt",
                "listAccounts",
                "listAffectedCustomers",
                "listContractViolations",
                "listContracts",
                "listJobSteps",
                "listJobs",
                "listPolicies",
                "listQuarantinedIdentifiers",
                "listQuarantinedMessages",
                "listSources",
                "mergeAccounts",
                "mergeAccounts",
                "proposePolicy",
                "proposePolicy",
                "putPolicy",
                "putPolicy",
                "redriveQuarantine",
                "releaseQuarantinedIdentifier",
                "retryQuarantinedMessage",
                "rollBackCutOver",
                "rollBackPolicy",
                "rollBackPolicy",
                "splitAccount",
                "splitAccount",
                "validatePolicy",
            ],
            described.Order(StringComparer.Ordinal)
        );

        static bool IsTyped(JsonProperty path) =>
            Array.Exists(
                [
                    "/v1/jobs",
                    "/v1/rebuild",
                    "/v1/policies",
                    "/v1/cluster",
                    "/v1/sources",
                    "/v1/contracts",
                    "/v1/accounts",
                    "/v1/quarantine",
                    "/v1/receipts",
                ],
                room => path.Name.StartsWith(room, StringComparison.Ordinal)
            );

        static bool IsJson(JsonProperty media) => media.Name == "application/json";
    }

    [Fact]
    public async Task Description_OfACollectRoute_SaysThatItNeedsAKey()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());

        JsonElement paths = (await host.GetJson("/openapi/v1.json")).GetProperty("paths");

        foreach (string path in (string[])["/v1/track", "/v1/t", "/v1/batch", "/v1/import"])
        {
            JsonElement post = paths.GetProperty(path).GetProperty("post");
            Assert.Equal(2, post.GetProperty("security").GetArrayLength());
            Assert.True(post.GetProperty("responses").TryGetProperty("401", out _));
        }

        Assert.False(paths.GetProperty("/v1/m").GetProperty("post").TryGetProperty("security", out _));
    }

    [Fact]
    public async Task Tags_OfTheDescription_AreEachOnceWithAWordForReaders()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());

        JsonElement document = await host.GetJson("/openapi/v1.json");

        string[] tags =
        [
            .. document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()!),
        ];
        Assert.Equal(tags.Distinct(StringComparer.Ordinal), tags);
        Assert.All(
            document.GetProperty("tags").EnumerateArray(),
            tag => Assert.False(string.IsNullOrWhiteSpace(tag.GetProperty("description").GetString()))
        );
        Assert.Equal(
            tags.Order(StringComparer.Ordinal),
            document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject())
                .SelectMany(operation => operation.Value.GetProperty("tags").EnumerateArray())
                .Select(tag => tag.GetString()!)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<RouteEndpoint> Routes(ProfilesHost host) =>
        host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => !route.RoutePattern.RawText!.Contains("openapi", StringComparison.Ordinal))
            .Where(route => !IsOfTheConsole(route.RoutePattern.RawText!));

    /// <summary>The files of the pages for people, and their own door: nobody's program calls them.</summary>
    private static bool IsOfTheConsole(string path) =>
        path is "/assets/{name}" or "/console/session" || ConsolePages.Names.Any(name => path == $"/{name}/{{**rest}}");

    private sealed record RoutePatternParameter(string Name)
    {
        public static RoutePatternParameter Of(Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart part) =>
            new(part.Name);
    }
}
