using System.Text.Json;

namespace Customer360.Api.Tests;

/// <summary><c>/v1/quarantine/*</c> on real grains.</summary>
public sealed class QuarantineEndpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-quarantine-").FullName;

    [Fact]
    public async Task Identifiers_WhenAValueGathersEveryone_AreListedAndReleased()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        string batch = string.Join(
            ',',
            Enumerable
                .Range(0, 51)
                .Select(index =>
                    $$"""{"type":"identify","messageId":"m-{{index}}","userId":"u-{{index}}","traits":{"email":"test@test.com"} }"""
                )
        );
        await host.Collect($$"""{"batch":[{{batch}}]}""");
        await host.GetProblem("/v1/quarantine/identifiers", 403);
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", ProfilesHost.AdminKey);

        JsonElement list = await host.GetJson("/v1/quarantine/identifiers?limit=1");

        JsonElement one = Assert.Single(list.GetProperty("identifiers").EnumerateArray());
        Assert.Equal("test@test.com", one.GetProperty("value").GetString());
        Assert.Equal(51, one.GetProperty("degree").GetInt32());
        JsonElement profile = await host.GetJson("/v1/profiles/email:test%40test.com");
        Assert.Equal(one.GetProperty("customerId").GetString(), profile.GetProperty("customerId").GetString());

        const string Release = "/v1/quarantine/identifiers/email:test%40test.com:release";
        Assert.Contains("\"released\":true", await Post(host, Release, 200), StringComparison.Ordinal);
        Assert.Contains("not_quarantined", await Post(host, Release, 409), StringComparison.Ordinal);
        await Post(host, "/v1/quarantine/identifiers/email:nobody%40test.com:release", 404);
        await Post(host, "/v1/quarantine/identifiers/nonsense:release", 400);
        Assert.Empty((await host.GetJson("/v1/quarantine/identifiers")).GetProperty("identifiers").EnumerateArray());
        await host.GetProblem("/v1/quarantine/identifiers?cursor=x", 400);
    }

    [Fact]
    public async Task Messages_WhenThereAreNone_AreAnEmptyListAndRetriedNever()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", ProfilesHost.AdminKey);

        JsonElement list = await host.GetJson("/v1/quarantine/messages");

        Assert.Empty(list.GetProperty("messages").EnumerateArray());
        await Post(host, "/v1/quarantine/messages/0-1:retry", 404);
        await Post(host, "/v1/quarantine/messages/x-1:retry", 404);
        await host.GetProblem("/v1/quarantine/messages?cursor=x", 400);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> Post(ProfilesHost host, string path, int status)
    {
        (int answered, JsonElement body) = await host.PostJson(path, ProfilesHost.AdminKey, "{}");
        Assert.True(answered == status, $"{answered} {body}");
        return body.GetRawText();
    }
}
