using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Api.Tests;

public sealed class ProfilesGetTests
{
    [Fact]
    public async Task Get_WhenKnown_AnswersTheRenderedBytes()
    {
        await using ProfilesHost host = await Start();

        using HttpResponseMessage response = await host.Client.GetAsync("/v1/profiles/user_id:u-1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            "private, no-cache",
            response.Headers.CacheControl?.ToString().Replace("no-cache, private", "private, no-cache")
        );
        Assert.Equal(host.World.Document(ProfilesWorld.Jane), await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(
            ["IIdentifierGrain/user_id:u-1/FindOwner", $"ICustomerGrain/{ProfilesWorld.Jane}/GetProfile"],
            host.World.Calls
        );
    }

    [Theory]
    [InlineData("email:Jane@Example.com")]
    [InlineData("email:%20jane%40example.com%20")]
    [InlineData("email%3Ajane@example.com")]
    public async Task Get_WhenNotInNormalForm_NormalizesBeforeItLooks(string identifier)
    {
        await using ProfilesHost host = await Start();
        host.World.AddUser(ProfilesWorld.Jane, "email", "jane@example.com");

        JsonElement profile = await host.GetJson($"/v1/profiles/{identifier}");

        Assert.Equal(ProfilesWorld.Jane, profile.GetProperty("customerId").GetString());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("/")]
    [InlineData("a+b")]
    [InlineData("a%2Bb")]
    [InlineData("a:b:c")]
    [InlineData("a b")]
    [InlineData("a%20b")]
    [InlineData("100%")]
    [InlineData("a?b=c&d#e")]
    [InlineData("ü€😀")]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("..")]
    [InlineData("a\\b;c=d")]
    [InlineData("{x}")]
    [InlineData("\"'<>")]
    public async Task Get_WhenValueIsOdd_FindsExactlyIt(string value)
    {
        await using ProfilesHost host = await Start();
        host.World.AddUser(ProfilesWorld.Merged, "user_id", value);

        JsonElement profile = await host.GetJson($"/v1/profiles/user_id:{Uri.EscapeDataString(value)}");

        JsonElement identifier = Assert.Single(profile.GetProperty("identifiers").EnumerateArray());
        Assert.Equal(value, identifier.GetProperty("value").GetString());
        JsonElement timeline = await host.GetJson($"/v1/profiles/user_id:{Uri.EscapeDataString(value)}/timeline");
        Assert.Equal(ProfilesWorld.Merged, timeline.GetProperty("customerId").GetString());
        JsonElement traits = await host.GetJson(
            $"/v1/spaces/s/collections/users/profiles/user_id:{Uri.EscapeDataString(value)}/traits"
        );
        Assert.False(traits.GetProperty("cursor").GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Get_WhenPlusIsNotEncoded_IsAPlus()
    {
        await using ProfilesHost host = await Start();
        host.World.AddUser(ProfilesWorld.Merged, "phone", "+14155550123");

        await host.GetJson("/v1/profiles/phone:+14155550123");
        await host.GetJson("/v1/profiles/phone:%2B14155550123");
    }

    [Theory]
    [InlineData("user_id:unknown", 404, "not_found")]
    [InlineData("email:not-an-address", 404, "not_found")]
    [InlineData("customer:c_019ac8d12f400030000000099", 404, "not_found")]
    [InlineData("customer:nonsense", 404, "not_found")]
    [InlineData("emial:jane@example.com", 400, "unknown_identifier_type")]
    [InlineData("jane@example.com", 400, "invalid_identifier")]
    [InlineData("user_id:", 400, "invalid_identifier")]
    [InlineData(":u-1", 400, "invalid_identifier")]
    public async Task Get_WhenItLeadsNowhere_AnswersAProblem(string identifier, int status, string code)
    {
        await using ProfilesHost host = await Start();

        JsonElement problem = await host.GetProblem($"/v1/profiles/{identifier}", status);

        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.DoesNotContain("jane", problem.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Get_WhenCustomerIdIsMalformed_AsksNoGrain()
    {
        await using ProfilesHost host = await Start();

        await host.GetProblem("/v1/profiles/customer:c_nonsense", 404);

        Assert.Empty(host.World.Calls);
    }

    [Fact]
    public async Task Get_WhenMerged_FollowsToTheCustomerThatHoldsIt()
    {
        await using ProfilesHost host = await Start();
        host.World.Moved[ProfilesWorld.Merged] = ProfilesWorld.Jane;

        using HttpResponseMessage response = await host.Client.GetAsync(
            $"/v1/profiles/customer:{ProfilesWorld.Merged}"
        );

        Assert.Equal(host.World.Document(ProfilesWorld.Jane), await response.Content.ReadAsByteArrayAsync());
        using HttpResponseMessage direct = await host.Client.GetAsync($"/v1/profiles/customer:{ProfilesWorld.Jane}");
        Assert.Equal(direct.Headers.ETag, response.Headers.ETag);
    }

    [Fact]
    public async Task Get_WhenStubsLeadInACircle_Answers500()
    {
        await using ProfilesHost host = await Start();
        host.World.Moved[ProfilesWorld.Merged] = ProfilesWorld.Jane;
        host.World.Moved[ProfilesWorld.Jane] = ProfilesWorld.Merged;

        await host.GetProblem("/v1/profiles/user_id:u-1", 500);
    }

    [Fact]
    public async Task Get_WhenVerbose_AnswersTheVerboseFormUnderItsOwnTag()
    {
        await using ProfilesHost host = await Start();

        using HttpResponseMessage plain = await host.Client.GetAsync("/v1/profiles/user_id:u-1?verbose=false");
        using HttpResponseMessage verbose = await host.Client.GetAsync("/v1/profiles/user_id:u-1?verbose=true");

        Assert.Equal(
            ProfileDocument.RenderVerbose(host.World.View(ProfilesWorld.Jane), MastershipPolicy.Latest),
            await verbose.Content.ReadAsByteArrayAsync()
        );
        Assert.NotEqual(plain.Headers.ETag, verbose.Headers.ETag);
        await host.GetProblem("/v1/profiles/user_id:u-1?verbose=yes", 400);
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("W/{0}", true)]
    [InlineData("*", true)]
    [InlineData("\"other\", {0}", true)]
    [InlineData("\"a,b\" ,  W/{0}", true)]
    [InlineData("\"other\"", false)]
    [InlineData("{0}x", true)]
    [InlineData("other", false)]
    [InlineData("\"unterminated", false)]
    public async Task Get_WithIfNoneMatch_Answers304OnlyWhenTheTagIsCurrent(string header, bool isCurrent)
    {
        await using ProfilesHost host = await Start();
        using HttpResponseMessage first = await host.Client.GetAsync("/v1/profiles/user_id:u-1");
        string tag = first.Headers.ETag!.ToString();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/profiles/user_id:u-1");
        request.Headers.TryAddWithoutValidation("If-None-Match", header.Replace("{0}", tag, StringComparison.Ordinal));
        using HttpResponseMessage again = await host.Client.SendAsync(request);

        Assert.False(first.Headers.ETag.IsWeak);
        Assert.Equal(isCurrent ? HttpStatusCode.NotModified : HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(tag, again.Headers.ETag?.ToString());
        Assert.Equal(isCurrent, (await again.Content.ReadAsByteArrayAsync()).Length == 0);
    }

    [Fact]
    public async Task Get_WhenTheProfileHasChanged_HasAnotherTag()
    {
        await using ProfilesHost host = await Start();
        using HttpResponseMessage before = await host.Client.GetAsync("/v1/profiles/user_id:u-1");

        host.World.Add(ProfilesWorld.Jane, """{"type":"track","event":"E","userId":"u-1"}""", ProfilesWorld.Now);
        using HttpResponseMessage after = await host.Client.GetAsync("/v1/profiles/user_id:u-1");

        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("wrong", 401)]
    [InlineData(ProfilesHost.CollectKey, 403)]
    [InlineData(ProfilesHost.AdminKey, 200)]
    public async Task Get_WithOtherKeys_AnswersByRole(string? key, int status)
    {
        await using ProfilesHost host = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/profiles/user_id:u-1");
        host.Client.DefaultRequestHeaders.Authorization = null;
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/profiles/user_id:a%zzb", "a%zzb")]
    [InlineData("/v1/profiles/user_id:a%2fb", "a/b")]
    [InlineData("/v1/x/../profiles/user_id:a%2Fb", "a/b")]
    [InlineData("http://localhost/v1/profiles/user_id:a%252Fb?verbose=false", "a%2Fb")]
    public async Task Get_WhenTheTargetIsWrittenOddly_FindsWhatIsMeant(string target, string value)
    {
        // HttpClient would tidy such a target up, so it is written by hand.
        await using ProfilesHost host = await Start();
        host.World.AddUser(ProfilesWorld.Merged, "user_id", value);
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", host.Client.BaseAddress!.Port);
        NetworkStream stream = socket.GetStream();

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {ProfilesHost.ReadKey}\r\n\r\n"
            )
        );
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains(ProfilesWorld.Merged, answer, StringComparison.Ordinal);
    }

    private static async Task<ProfilesHost> Start()
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"firstName":"Jane"}""");
        return await ProfilesHost.Start(world);
    }
}
