using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Mcp;

/// <summary>A tool that fails says as much as the HTTP path does, and the log names nobody.</summary>
public sealed class FailureTests
{
    private const string Call = """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_profile","arguments":{"identifier":"user_id:u-1"}}}
        """;

    [Fact]
    public async Task Tool_WhenAGrainHasABug_SaysThatItIsRecordedAndNamesNobody()
    {
        (ToolAnswer answer, string log) = await CallAgainst(key => new InvalidOperationException(
            $"The grain {key} has failed."
        ));

        Assert.True(answer.IsError);
        Assert.Equal("Something went wrong here. It is recorded. (internal_error)", answer.Text);
        Assert.Matches("/mcp/?: a bug answered 500", log);
        Assert.DoesNotContain("u-1", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_WhenAGrainDoesNotAnswer_SaysWhenToTryAgain()
    {
        (ToolAnswer answer, string log) = await CallAgainst(key => new TimeoutException(
            $"The grain {key} does not answer."
        ));

        Assert.True(answer.IsError);
        Assert.EndsWith("(unavailable) Try again in 1 s.", answer.Text, StringComparison.Ordinal);
        Assert.Matches(@"/mcp/?: unavailable \(TimeoutException\)", log);
        Assert.DoesNotContain("u-1", log, StringComparison.Ordinal);
    }

    private static async Task<(ToolAnswer Answer, string Log)> CallAgainst(Func<string, Exception> failure)
    {
        using var logs = new LogLines();
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld { Failure = failure }, logs: logs);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.ReadKey);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-06-18");
        request.Content = new StringContent(Call, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        JsonElement result = McpWorld.ResultOf(await response.Content.ReadAsStringAsync());
        return (new ToolAnswer(result), logs.Text);
    }
}
