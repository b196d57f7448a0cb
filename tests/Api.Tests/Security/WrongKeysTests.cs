using System.Net;
using System.Net.Http.Headers;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Security;

/// <summary>Wrong keys are slowed down by where they come from; right ones never are.</summary>
public sealed class WrongKeysTests
{
    private const int Max = 5;

    [Theory]
    [InlineData("/v1/track", "POST")]
    [InlineData("/v1/receipts/m1", "GET")]
    [InlineData("/v1/profiles/user_id:u1", "GET")]
    [InlineData("/v1/projects/wrong-key-0123456789/settings", "GET")]
    public async Task WrongKeys_BeyondTheLimit_AreAskedToWait(string path, string method)
    {
        using CollectHost host = new(("Customer360:Access:WrongKeysPerMinuteMax", $"{Max}"));

        HttpResponseMessage last = await SendAsync(host.Http, path, method);
        // The minute may end once while these are sent, and counting begins anew.
        for (int sent = 1; sent <= Max * 2 && last.StatusCode != HttpStatusCode.TooManyRequests; sent++)
        {
            last = await SendAsync(host.Http, path, method);
        }

        await last.AssertProblemAsync(429, "too_many_wrong_keys");
        Assert.InRange(int.Parse(last.Headers.GetValues("Retry-After").Single(), null), 1, 60);
    }

    [Fact]
    public async Task RightKey_AmongWrongOnes_IsTaken()
    {
        using CollectHost host = new(("Customer360:Access:WrongKeysPerMinuteMax", $"{Max}"));
        for (int sent = 0; sent <= Max * 2; sent++)
        {
            await SendAsync(host.Http, "/v1/track", "POST");
        }

        await (await host.Authorized.PostTextAsync("/v1/track", Wire.Track)).ReadJsonAsync(HttpStatusCode.OK);
        HttpResponseMessage inBody = await host.Http.PostTextAsync(
            "/v1/track",
            $$"""{"event":"e","userId":"u","writeKey":"{{CollectHost.CollectKey}}"}"""
        );
        await inBody.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task NoKey_IsNoWrongKey()
    {
        using CollectHost host = new(("Customer360:Access:WrongKeysPerMinuteMax", "1"));

        for (int sent = 0; sent < 3; sent++)
        {
            await (await host.Http.PostTextAsync("/v1/track", Wire.Track)).AssertProblemAsync(401, "key_missing");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string method)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "wrong-key-0123456789");
        request.Content = method == "POST" ? new StringContent(Wire.Track) : null;
        return await http.SendAsync(request);
    }
}
