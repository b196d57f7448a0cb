using System.Net;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Customer360.Api.Tests.Mcp;

/// <summary><c>/mcp</c> as a protocol: both ways to speak it, who is let in, and what is refused before a tool is asked.</summary>
public sealed class ProtocolTests(McpWorld world) : IClassFixture<McpWorld>
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
    private const string Revision = "2026-07-28";

    private static readonly string[] s_tools =
    [
        "account_overview",
        "attribution_report",
        "audience_size",
        "audience_why",
        "catalog",
        "consent",
        "data_held",
        "data_quality",
        "decide",
        "explain_identity",
        "find_customer",
        "get_profile",
        "lead_explain",
        "mastered_where",
        "propose_change",
        "reconciliation",
        "route_dry_run",
        "timeline",
    ];

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(Revision)]
    public async Task Client_OfEachRevision_ListsAndCallsTools(string revision)
    {
        await using McpClient client = await world.Connect(ProfilesHost.ReadKey, revision);

        IList<McpClientTool> tools = await client.ListToolsAsync();
        CallToolResult result = await client.CallToolAsync(
            "get_profile",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["identifier"] = McpWorld.Jane }
        );

        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        Assert.Equal(s_tools, tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.NotEqual(true, result.IsError);
        Assert.Equal(
            "pro",
            result.StructuredContent!.Value.GetProperty("data").GetProperty("traits").GetProperty("plan").GetString()
        );
    }

    [Fact]
    public async Task Tools_WhenListed_SayWhatTheyTakeAnswerAndDo()
    {
        (_, string body, _) = await world.Send(ProfilesHost.ReadKey, List);

        foreach (JsonElement tool in McpWorld.ResultOf(body).GetProperty("tools").EnumerateArray())
        {
            string name = tool.GetProperty("name").GetString()!;
            JsonElement input = tool.GetProperty("inputSchema");
            Assert.True(input.GetProperty("properties").TryGetProperty("purpose", out _), name);
            Assert.False(input.GetProperty("additionalProperties").GetBoolean(), name);
            Assert.Equal("object", tool.GetProperty("outputSchema").GetProperty("type").GetString());
            Assert.NotEmpty(tool.GetProperty("title").GetString()!);
            JsonElement hints = tool.GetProperty("annotations");
            Assert.Equal(name != "propose_change", hints.GetProperty("readOnlyHint").GetBoolean());
            Assert.False(hints.GetProperty("destructiveHint").GetBoolean(), name);
        }
    }

    [Fact]
    public async Task Call_OfTheStatelessRevision_NeedsNoHandshake()
    {
        string meta = $$"""
            "_meta":{"io.modelcontextprotocol/protocolVersion":"{{Revision}}",
              "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} }
            """;
        string call = $$"""
            {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_profile",
              "arguments":{"identifier":"{{McpWorld.Jane}}"},{{meta}} } }
            """;

        (HttpStatusCode status, string body, _) = await world.Send(
            ProfilesHost.ReadKey,
            call,
            headers: [("MCP-Protocol-Version", Revision), ("Mcp-Method", "tools/call"), ("Mcp-Name", "get_profile")]
        );
        (_, string discovered, _) = await world.Send(
            ProfilesHost.ReadKey,
            $$"""{"jsonrpc":"2.0","id":8,"method":"server/discover","params":{ {{meta}} } }""",
            headers: [("MCP-Protocol-Version", Revision), ("Mcp-Method", "server/discover")]
        );

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("complete", McpWorld.ResultOf(body).GetProperty("resultType").GetString());
        Assert.Contains(
            Revision,
            McpWorld
                .ResultOf(discovered)
                .GetProperty("supportedVersions")
                .EnumerateArray()
                .Select(one => one.GetString())
        );
    }

    [Fact]
    public async Task Endpoint_ForCallersWithoutAKey_NamesItsMetadata()
    {
        (HttpStatusCode status, _, var headers) = await world.Send(key: null, List);
        string metadata =
            $"{world.Host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}/.well-known/oauth-protected-resource/mcp";

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal($"Bearer resource_metadata=\"{metadata}\"", headers.WwwAuthenticate.ToString());
        JsonElement document = await world.Host.GetJson(new Uri(metadata).AbsolutePath);
        Assert.Equal(world.Endpoint.AbsoluteUri, document.GetProperty("resource").GetString());
        Assert.Equal(0, document.GetProperty("authorization_servers").GetArrayLength());
        Assert.Equal("header", document.GetProperty("bearer_methods_supported")[0].GetString());
    }

    [Fact]
    public async Task Metadata_WhereTokensAreTaken_NamesTheIssuerAndThePublicAddress()
    {
        await using ProfilesHost host = await ProfilesHost.Start(
            new ProfilesWorld(),
            new(StringComparer.Ordinal)
            {
                ["Customer360:PublicUrl"] = "https://grid.example.com",
                ["Customer360:Tokens:Issuer"] = "https://login.example.com",
                ["Customer360:Tokens:Audience"] = "https://grid.example.com/mcp",
            }
        );

        JsonElement document = await host.GetJson("/.well-known/oauth-protected-resource");

        Assert.Equal("https://grid.example.com/mcp", document.GetProperty("resource").GetString());
        Assert.Equal(
            ["https://login.example.com"],
            document.GetProperty("authorization_servers").EnumerateArray().Select(one => one.GetString()!)
        );
    }

    [Fact]
    public async Task Endpoint_ForAKeyThatOnlySends_IsClosed()
    {
        (HttpStatusCode status, _, _) = await world.Send(ProfilesHost.CollectKey, List);

        Assert.Equal(HttpStatusCode.Forbidden, status);
    }

    [Theory]
    [InlineData("https://evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://agents.example.com", HttpStatusCode.OK)]
    public async Task Endpoint_ForPages_TakesThoseOfAllowedOriginsAlone(string origin, HttpStatusCode expected)
    {
        (HttpStatusCode status, string body, _) = await world.Send(
            ProfilesHost.ReadKey,
            List,
            headers: [("Origin", origin), ("MCP-Protocol-Version", "2025-06-18")]
        );

        Assert.Equal(expected, status);
        Assert.Equal(
            expected == HttpStatusCode.Forbidden,
            body.Contains("origin_not_allowed", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Endpoint_ForItsOwnOrigin_IsOpenOnThisMachine()
    {
        string own = world.Host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        (HttpStatusCode status, _, _) = await world.Send(
            ProfilesHost.ReadKey,
            List,
            headers: [("Origin", own), ("MCP-Protocol-Version", "2025-06-18")]
        );

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Endpoint_ForAPageThatTurnedItsNameToThisMachine_IsClosed()
    {
        (HttpStatusCode status, _, _) = await world.Send(
            ProfilesHost.ReadKey,
            List,
            headers: [("Host", "evil.example.com"), ("Origin", "http://evil.example.com")]
        );

        Assert.Equal(HttpStatusCode.Forbidden, status);
    }

    [Fact]
    public async Task Body_OverTheLimit_IsRefused()
    {
        string large =
            $$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":"{{new string('x', 9 * 1024 * 1024)}}"} }""";

        (HttpStatusCode status, string body, _) = await world.Send(ProfilesHost.ReadKey, large);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("body_too_large", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_OverTheCallersLimit_AreRefusedAsElsewhere()
    {
        List<HttpStatusCode> statuses = [];
        for (int call = 0; call < 4; call++)
        {
            (HttpStatusCode status, _, _) = await world.Send(McpWorld.KeyOf("slow"), List);
            statuses.Add(status);
        }

        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }
}
