using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.FieldCases;

/// <summary>Requests that tools and proxies make of the program: HEAD, its description, codings of a body.</summary>
public sealed class ReachableTests : FieldCases
{
    [Fact]
    public async Task Head_OfWhateverCanBeGot_IsAsGetWithoutABody()
    {
        await Host.SendNew("group", """ "userId":"u","groupId":"G" """);
        string[] paths =
        [
            "/health/live",
            "/health/ready",
            "/openapi/v1.json",
            "/v1/profiles/user_id:u",
            "/v1/profiles/user_id:nobody",
            "/v1/profiles/user_id:u/timeline",
            "/v1/profiles/user_id:u/sessions",
            "/v1/profiles/user_id:u/explain",
            "/v1/accounts/G",
            "/v1/receipts/m-1",
            "/v1/projects/collect-key/settings",
            "/v1/spaces/s/collections/users/profiles/user_id:u/traits",
            "/v1/nothing",
            "/metrics",
        ];
        foreach (string path in paths)
        {
            using HttpResponseMessage get = await Host.Client.GetAsync(path);
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using HttpResponseMessage head = await Host.Client.SendAsync(request);

            Assert.True(get.StatusCode == head.StatusCode, $"{path}: {get.StatusCode}, {head.StatusCode}");
            Assert.Equal(get.Content.Headers.ContentType?.ToString(), head.Content.Headers.ContentType?.ToString());
            Assert.Equal(get.Headers.ETag, head.Headers.ETag);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        // The connection is whole afterwards: nothing of a body was sent on it.
        Assert.NotNull(await Host.CustomerOf("user_id:u"));
    }

    /// <summary>Of the program's own composition, the settings of SDKs and the cluster's routes among it.</summary>
    [Fact]
    public async Task Description_OfTheProgram_IsThere()
    {
        JsonElement paths = (await Host.Get("/openapi/v1.json")).GetProperty("paths");

        Assert.All(
            ["/v1/projects/{writeKey}/settings", "/v1/cluster", "/v1/track", "/health/live", "/metrics"],
            path => Assert.True(paths.TryGetProperty(path, out _), path)
        );
    }

    [Theory]
    [InlineData("Identity", false)]
    [InlineData("IDENTITY", false)]
    [InlineData("GZIP", true)]
    [InlineData("X-Gzip", true)]
    [InlineData("identity, gzip", true)]
    [InlineData("Gzip,Identity", true)]
    public async Task ContentEncoding_HasNoCaseAndMayBeAList(string encoding, bool isPacked)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes("""{"userId":"u"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/page");
        request.Headers.Authorization = new("Bearer", ProfilesHost.CollectKey);
        request.Content = new ByteArrayContent(isPacked ? Support.Wire.Gzip(body) : body);
        Assert.True(request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding));

        using HttpResponseMessage response = await Host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
