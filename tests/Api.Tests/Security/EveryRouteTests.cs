using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Console;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Security;

/// <summary>Asks every route that there is, and every operation that is described, without a key and with each role's.</summary>
public sealed class EveryRouteTests
{
    private const string Open = "open";
    private const string Collect = "collect";
    private const string Read = "read";
    private const string Admin = "admin";

    /// <summary>Who may call what, where it matters by which method. What is not named here is for administrators.</summary>
    private static readonly (string Path, string Role)[] s_rules =
    [
        ("/", Open),
        ("/assets/{name}", Open),
        ("/console/session", Open),
        .. ConsolePages.Names.Select(name => ($"/{name}/{{**rest}}", Open)),
        ("/health/live", Open),
        ("/health/ready", Open),
        ("/.well-known/gpc.json", Open),
        ("/.well-known/oauth-protected-resource", Open),
        ("/.well-known/oauth-protected-resource/mcp", Open),
        ("/mcp", Read),
        ("/openapi/{documentName}.json", Open),
        ("/v1/m", Open),
        ("/webhooks/hubspot/{source}", Open),
        ("/webhooks/salesforce/{source}", Open),
        ("/webhooks/{source}", Open),
        ("/v1/projects/{writeKey}/settings", Open),
        ("/v1/privacy/packages/{requestId}/{secret}", Open),
        ("/opendsr/v2/discovery", Open),
        ("/opendsr/v2/certificate", Open),
        .. "identify i track t page p screen s group g alias a batch b import"
            .Split(' ')
            .Select(path => ($"/v1/{path}", Collect)),
        ("/v1/profiles/{identifier}", Read),
        ("/v1/profiles:batchGet", Read),
        ("/v1/profiles:find", Read),
        ("/v1/profiles:compare", Read),
        ("/v1/profiles/{identifier}/timeline", Read),
        ("/v1/profiles/{identifier}/sessions", Read),
        ("/v1/profiles/{identifier}/explain", Read),
        ("/v1/profiles/{identifier}/changes", Read),
        ("/v1/profiles/{identifier}/consent", Read),
        ("PUT /v1/profiles/{identifier}/consent", Admin),
        ("/v1/profiles/{identifier}/consent/history", Read),
        ("/v1/accounts", Read),
        ("/v1/accounts/{groupId}", Read),
        ("/v1/profiles/{identifier}/account", Read),
        ("/v1/receipts/{messageId}", Read),
        ("/v1/decide", Read),
        .. "traits external_ids events metadata links"
            .Split(' ')
            .Select(list => ($"/v1/spaces/{{space}}/collections/{{collection}}/profiles/{{identifier}}/{list}", Read)),
    ];

    [Fact]
    public async Task EveryRoute_ThatThereIs_LetsInWhoMayAndNobodyElse()
    {
        await using ProfilesHost host = await Start();
        List<(string Method, string Path)> routes = [.. Routes(host)];

        await AssertAccess(host, routes);

        Assert.True(routes.Count > 50, $"{routes.Count} routes were found.");
        Assert.Empty(
            s_rules
                .Select(rule => rule.Path)
                .Where(path => path.StartsWith("/v1", StringComparison.Ordinal))
                .Except(routes.Select(route => route.Path))
        );
    }

    /// <summary>
    /// Roles of the access policy pass wherever <c>read</c> does, so what they see must be the gate's to say: a route that asks it
    /// nothing would be open to all of them.
    /// </summary>
    [Fact]
    public async Task EveryRoute_ThatRolesOfThePolicyMayCall_AsksTheGate()
    {
        await using ProfilesHost host = await Start();
        RouteEndpoint[] routes =
        [
            .. host
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => RouteAccess.RoleOf(endpoint.Metadata) == Roles.Read),
        ];

        string[] open =
        [
            .. routes
                .Where(endpoint => endpoint.Metadata.GetMetadata<GatePath>() is null)
                .Select(endpoint => endpoint.RoutePattern.RawText!)
                .Order(StringComparer.Ordinal),
        ];
        // These ask the gate themselves, since purpose is one of their filters.
        Assert.Equal(["/v1/audit", "/v1/audit/head", "/v1/audit/verification"], open);
        Assert.True(routes.Length > 15, $"{routes.Length} routes were found.");
    }

    [Fact]
    public async Task EveryOperation_ThatIsDescribed_LetsInWhoMayAndNobodyElse()
    {
        await using ProfilesHost host = await Start();
        JsonElement paths = (await host.GetJson("/openapi/v1.json")).GetProperty("paths");
        List<(string Method, string Path)> operations =
        [
            .. from path in paths.EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select (operation.Name.ToUpperInvariant(), path.Name),
        ];

        await AssertAccess(host, operations);

        Assert.True(operations.Count > 50, $"{operations.Count} operations were found.");
        foreach ((string method, string path) in operations)
        {
            bool saysThatItNeedsAKey = paths
                .GetProperty(path)
                .GetProperty(method.ToLowerInvariant())
                .TryGetProperty("security", out _);
            Assert.True(saysThatItNeedsAKey == (RoleOf(method, path) != Open), $"{method} {path}");
        }
    }

    private static readonly (string? Key, string Role)[] s_callers =
    [
        (null, ""),
        ("wrong", ""),
        (ProfilesHost.CollectKey, Collect),
        (ProfilesHost.ReadKey, Read),
        (ProfilesHost.AdminKey, Admin),
    ];

    private static async Task AssertAccess(ProfilesHost host, IEnumerable<(string Method, string Path)> operations)
    {
        List<string> faults = [];
        foreach ((string method, string path) in operations)
        {
            string role = RoleOf(method, path);
            foreach ((string? key, string who) in s_callers)
            {
                int status = await Ask(host, method, path, key);
                int expected =
                    role == Open || who == role || who == Admin ? 0
                    : who.Length == 0 ? 401
                    : 403;
                bool isRefused = status is 401 or 403;
                if (expected == 0 ? isRefused : status != expected)
                {
                    faults.Add($"{method} {path} with the key {key ?? "of nobody"} answered {status}.");
                }
            }
        }

        Assert.Empty(faults);
    }

    private static async Task<int> Ask(ProfilesHost host, string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Filled(path));
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        if (method is "POST" or "PUT")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var client = new HttpClient { BaseAddress = host.Client.BaseAddress };
        using HttpResponseMessage response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static string Filled(string path)
    {
        var text = new StringBuilder();
        bool isParameter = false;
        foreach (char letter in path)
        {
            if (letter == '{')
            {
                text.Append('1');
                isParameter = true;
            }
            else if (letter == '}')
            {
                isParameter = false;
            }
            else if (!isParameter)
            {
                text.Append(letter);
            }
        }

        return text.Replace("/openapi/1", "/openapi/v1").ToString();
    }

    // The page to try the API has files of its own, whose names are its maker's.
    private static string RoleOf(string method, string path) =>
        path.StartsWith("/docs", StringComparison.Ordinal) ? Open : RuleOf($"{method} {path}") ?? RuleOf(path) ?? Admin;

    private static string? RuleOf(string path) =>
        s_rules.FirstOrDefault(rule => string.Equals(rule.Path, path, StringComparison.OrdinalIgnoreCase)).Role;

    private static IEnumerable<(string Method, string Path)> Routes(ProfilesHost host) =>
        from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));

    private static Task<ProfilesHost> Start()
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1");
        return ProfilesHost.Start(
            world,
            // Each route is asked with a wrong key once, and there are more of them than guesses that one caller has.
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Customer360:Access:WrongKeysPerMinuteMax"] = "100000",
            },
            // The page to try the API is a route, too.
            environment: "Development"
        );
    }
}
