using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests;

public sealed class ProfilesBatchTests
{
    private const string Path = "/v1/profiles:batchGet";

    [Fact]
    public async Task BatchGet_WhenSomeAreUnknown_AnswersInOrderAndSaysWhy()
    {
        await using ProfilesHost host = await Start();
        string[] identifiers =
        [
            "email:JANE@example.com",
            "user_id:unknown",
            "emial:x",
            "nonsense",
            $"customer:{ProfilesWorld.Jane}",
            "email:JANE@example.com",
        ];

        JsonElement answer = await Post(host, new { identifiers });

        JsonElement[] profiles = [.. answer.GetProperty("profiles").EnumerateArray()];
        Assert.Equal(identifiers, profiles.Select(one => one.GetProperty("identifier").GetString()));
        Assert.Equal(
            [null, "not_found", "unknown_identifier_type", "invalid_identifier", null, null],
            profiles.Select(one =>
                one.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetString() : null
            )
        );
        Assert.Equal(
            Encoding.UTF8.GetString(host.World.Document(ProfilesWorld.Jane)),
            profiles[0].GetProperty("profile").GetRawText()
        );
        Assert.Equal(JsonValueKind.Null, profiles[1].GetProperty("profile").ValueKind);
    }

    [Fact]
    public async Task BatchGet_WhenVerbose_AnswersVerboseForms()
    {
        await using ProfilesHost host = await Start();

        JsonElement answer = await Post(host, new { identifiers = new[] { "user_id:u-1" }, verbose = true });

        JsonElement trait = answer
            .GetProperty("profiles")[0]
            .GetProperty("profile")
            .GetProperty("traits")
            .GetProperty("firstName");
        Assert.Equal("web", trait.GetProperty("source").GetString());
    }

    [Fact]
    public async Task BatchGet_WithAHundred_AnswersAll()
    {
        await using ProfilesHost host = await Start();

        JsonElement answer = await Post(host, new { identifiers = Enumerable.Repeat("user_id:u-1", 100) });

        Assert.Equal(100, answer.GetProperty("profiles").GetArrayLength());
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"identifiers":"user_id:u-1"}""")]
    [InlineData("""{"identifiers":[]}""")]
    [InlineData("""{"identifiers":[1]}""")]
    [InlineData("""{"identifiers":[null]}""")]
    [InlineData("""{"identifiers":["\ud800"]}""")]
    [InlineData("""{"identifiers":["user_id:u-1"],"verbose":"yes"}""")]
    public async Task BatchGet_WhenTheBodyIsBad_Answers400(string body)
    {
        await using ProfilesHost host = await Start();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await host.Client.PostAsync(Path, content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task BatchGet_WithOverAHundred_Answers400()
    {
        await using ProfilesHost host = await Start();

        using HttpResponseMessage response = await host.Client.PostAsJsonAsync(
            Path,
            new { identifiers = Enumerable.Repeat("user_id:u-1", 101) }
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(host.World.Calls);
    }

    [Fact]
    public async Task BatchGet_WhenTheBodyIsTooLarge_Answers413()
    {
        await using ProfilesHost host = await Start();
        using var content = new StringContent(new string(' ', 200_000) + "{}");

        using HttpResponseMessage response = await host.Client.PostAsync(Path, content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private static async Task<JsonElement> Post(ProfilesHost host, object body)
    {
        using HttpResponseMessage response = await host.Client.PostAsJsonAsync(Path, body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return ProfilesHost.Parse(text);
    }

    private static async Task<ProfilesHost> Start()
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"firstName":"Jane"}""");
        world.AddUser(ProfilesWorld.Jane, "email", "jane@example.com");
        return await ProfilesHost.Start(world);
    }
}
