using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Crash;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Outage;

/// <summary>What senders and readers meet before, during and after an outage.</summary>
internal static class OutageSteps
{
    private const string Collect = "/v1/batch?wait=applied";

    /// <summary>A message is taken, and its profile shows it.</summary>
    public static async Task AssertTakenAsync(ApiProcess api, string userId, string messageId)
    {
        using HttpResponseMessage response = await SendAsync(api, userId, messageId);
        JsonElement answer = await response.ReadJsonAsync(HttpStatusCode.OK);
        Assert.True(answer.GetProperty("applied").GetBoolean());
    }

    /// <summary>A message is not acknowledged: the sender is told to come again.</summary>
    public static async Task AssertRefusedAsync(ApiProcess api, string userId, string messageId)
    {
        using HttpResponseMessage response = await SendAsync(api, userId, messageId);
        await response.AssertProblemAsync(503, "unavailable");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    /// <summary>A read has no answer for now. A 500 would be a bug, and a 404 would be a lie.</summary>
    public static async Task AssertUnavailableAsync(ApiProcess api, string path, string code)
    {
        using HttpResponseMessage response = await api.ServiceHttp.GetAsync(new Uri(path, UriKind.Relative));
        await response.AssertProblemAsync(503, code);
    }

    /// <summary>
    /// The same process gets ready by itself, takes the message that it refused, and the profile has every message once.
    /// </summary>
    public static async Task AssertRecoversAsync(ApiProcess api, string userId, string messageId, long messages)
    {
        await api.WaitUntilReadyAsync();
        await api.WaitAsync(
            async () =>
            {
                using HttpResponseMessage response = await SendAsync(api, userId, messageId);
                return response.StatusCode == HttpStatusCode.OK;
            },
            "a message to be taken"
        );
        long count = 0;
        await api.WaitAsync(
            async () =>
            {
                JsonElement profile = await ReadProfileAsync(api.ServiceHttp, userId);
                count = profile.GetProperty("lifecycle").GetProperty("messageCount").GetInt64();
                return count >= messages;
            },
            "the profile to show the message"
        );
        Assert.Equal(messages, count);
    }

    public static async Task<JsonElement> ReadProfileAsync(HttpClient http, string userId)
    {
        using HttpResponseMessage response = await GetProfileAsync(http, userId);
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    public static Task<HttpResponseMessage> GetProfileAsync(HttpClient http, string userId) =>
        http.GetAsync(new Uri($"/v1/profiles/user_id:{userId}", UriKind.Relative));

    public static Task<HttpResponseMessage> SendAsync(ApiProcess api, string userId, string messageId) =>
        api.Http.PostTextAsync(Collect, Wire.Batch(Wire.TrackOf(userId, messageId)));
}
