using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Http;

/// <summary>Every request has a name, in its answer and in the log, and no caller writes into the log with it.</summary>
public sealed class RequestIdTests
{
    [Theory]
    [InlineData("abc-123_X.y:z")]
    [InlineData("0af7651916cd43dd8448eb211c80319c")]
    public async Task Id_OfTheCaller_IsKept(string id)
    {
        using CollectHost host = new();

        HttpResponseMessage response = await Send(host, id, "/v1/profiles/user_id:u");

        Assert.Equal(id, response.Headers.GetValues("X-Request-Id").Single());
        JsonElement problem = await response.ReadJsonAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(id, problem.GetProperty("requestId").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("<script>")]
    [InlineData("{\"level\":\"Error\"}")]
    [InlineData("jane@example.com")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Id_ThatIsNotPlain_IsReplaced(string id)
    {
        using CollectHost host = new();

        HttpResponseMessage response = await Send(host, id, "/v1/profiles/user_id:u");

        Assert.Matches("^[0-9a-f]{32}$", response.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task Id_SentTwiceOrWithABareLineFeed_IsReplacedOrTheRequestRefused()
    {
        using CollectHost host = new();

        string twice = await Raw(host, "X-Request-Id: one\r\nX-Request-Id: two\r\n");
        string split = await Raw(host, "X-Request-Id: one\n forged: line\r\n");

        Assert.Matches("X-Request-Id: [0-9a-f]{32}\r\n", twice);
        Assert.DoesNotContain("forged", split, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_OfTwoRequests_Differ()
    {
        using CollectHost host = new();

        string[] ids =
        [
            (await Send(host, null, "/health/live")).Headers.GetValues("X-Request-Id").Single(),
            (await Send(host, null, "/no/such/path")).Headers.GetValues("X-Request-Id").Single(),
        ];

        Assert.NotEqual(ids[0], ids[1]);
    }

    /// <summary>What the log says of a failure leads to the answer, and holds nothing else that the caller sent.</summary>
    [Fact]
    public async Task Failure_InTheLog_HasTheRequestsIdAndNoTextOfTheCaller()
    {
        using CollectHost host = new();
        host.Intake.Before = _ => throw new InvalidOperationException("jane@example.com");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/track?token=s3cr3t");
        request.Headers.Add("X-Request-Id", "my-request-1");
        request.Headers.TryAddWithoutValidation("User-Agent", "forged%0AError: everything is lost");
        request.Headers.Authorization = host.Authorized.DefaultRequestHeaders.Authorization;
        request.Content = new StringContent(
            """{"event":"forged\nError: everything is lost","userId":"jane@example.com"}"""
        );
        HttpResponseMessage response = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("a bug answered 500, request my-request-1:", host.Logs.Text, StringComparison.Ordinal);
        Assert.All(
            (string[])["everything is lost", "jane@example.com", "s3cr3t", CollectHost.CollectKey],
            text => Assert.DoesNotContain(text, host.Logs.Text, StringComparison.Ordinal)
        );
    }

    private static async Task<HttpResponseMessage> Send(CollectHost host, string? id, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (id is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        }

        return await host.Http.SendAsync(request);
    }

    private static Task<string> Raw(CollectHost host, string headers) =>
        Wire.SendRawAsync(
            host.Address,
            Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n")
        );
}
