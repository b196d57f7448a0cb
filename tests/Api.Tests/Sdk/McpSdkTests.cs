using System.Text.Json;
using Customer360.Api.Tests.Mcp;

namespace Customer360.Api.Tests.Sdk;

/// <summary><c>@modelcontextprotocol/sdk</c> and its successor <c>@modelcontextprotocol/client</c> from npm, unmodified.</summary>
public sealed class McpSdkTests(McpWorld world) : IClassFixture<McpWorld>
{
    [SdkFact]
    public Task Tools_CalledByTheTypeScriptSdk_AnswerAsTheirSchemasSay() => Walk("sdk");

    [SdkFact]
    public Task Tools_CalledByTheTypeScriptClient_AnswerAsTheirSchemasSay() => Walk("client");

    private async Task Walk(string library)
    {
        JsonElement walked = await SdkScript.RunAsync(
            "node/mcp.mjs",
            library,
            world.Endpoint.AbsoluteUri,
            ProfilesHost.AdminKey,
            McpWorld.Jane
        );

        Assert.Equal(18, walked.GetProperty("tools").GetArrayLength());
        Assert.All(
            walked.GetProperty("answers").EnumerateObject(),
            answer =>
            {
                Assert.False(answer.Value.GetProperty("isError").GetBoolean(), answer.Value.GetRawText());
                Assert.Equal(JsonValueKind.Object, answer.Value.GetProperty("data").ValueKind);
            }
        );
        Assert.Equal(
            "pro",
            walked
                .GetProperty("answers")
                .GetProperty("get_profile")
                .GetProperty("data")
                .GetProperty("traits")
                .GetProperty("plan")
                .GetString()
        );
        Assert.True(walked.GetProperty("nobody").GetProperty("isError").GetBoolean());
        Assert.Contains("401", walked.GetProperty("unauthorized").GetString(), StringComparison.Ordinal);
    }
}
