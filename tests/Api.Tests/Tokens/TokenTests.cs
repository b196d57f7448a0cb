using System.Net;
using System.Net.Http.Headers;
using Customer360.Api.Security.Tokens;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Tokens;

/// <summary>Tokens of a real OpenID provider: what they open, and what happens when it changes its keys or is away.</summary>
public sealed class TokenTests
{
    /// <summary>A route that looks for its caller itself, one behind the middleware, and one for administrators.</summary>
    private static readonly string[] s_paths =
    [
        "/v1/profiles/user_id:u-1",
        "/v1/spaces/s/collections/users/profiles/user_id:u-1/traits",
        "/v1/jobs/j_1",
    ];

    [Theory]
    [InlineData("ann-grid-readers", "200 200 403")]
    [InlineData("ann-other+grid-readers", "200 200 403")]
    [InlineData("ann-grid-senders", "403 403 403")]
    [InlineData("ann-unknown", "403 403 403")]
    [InlineData("ann-admin", "403 403 403")]
    [InlineData("ann", "403 403 403")]
    public async Task Token_OfTheProvider_OpensWhatItsRolesSay(string subject, string expected)
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        string token = await provider.Token(subject);

        List<int> statuses = [];
        foreach (string path in s_paths)
        {
            statuses.Add(await Status(host, path, token));
        }

        Assert.Equal(expected, string.Join(' ', statuses));
    }

    [Fact]
    public async Task Token_OfAnAdministrator_IsNotRefused()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        string token = await provider.Token("ann-grid-admins");

        Assert.Equal(200, await Status(host, s_paths[0], token));
        Assert.DoesNotContain(await Status(host, s_paths[2], token), (int[])[401, 403]);
    }

    [Fact]
    public async Task Keys_BesideTokens_CountAsEver()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);

        Assert.Equal(200, await Status(host, s_paths[0], ProfilesHost.ReadKey));
        Assert.Equal(200, await Status(host, s_paths[1], ProfilesHost.ReadKey));
        Assert.Equal(401, await Status(host, s_paths[1], "wrong"));
        Assert.Equal(0, provider.KeyReads);
    }

    /// <summary>SDKs throw away what is answered 401, so the first request with the new key must not be.</summary>
    [Fact]
    public async Task Provider_WhenItChangesItsKeys_TheFirstTokenIsTaken()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        string old = await provider.Token("ann-grid-readers");
        Assert.Equal(200, await Status(host, s_paths[0], old));

        for (int time = 0; time < 2; time++)
        {
            provider.ChangeKey();
            Assert.Equal(200, await Status(host, s_paths[time], await provider.Token("ann-grid-readers")));
        }

        Assert.Equal(401, await Status(host, s_paths[0], old));
    }

    [Fact]
    public async Task Provider_WhileItIsAway_ItsKnownKeysCount()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        string token = await provider.Token("ann-grid-readers");
        Assert.Equal(200, await Status(host, s_paths[0], token));
        provider.ChangeKey();
        string later = await provider.Token("ann-grid-readers");
        provider.IsAway = true;

        Assert.Equal(200, await Status(host, s_paths[0], token));

        // Nobody can say whether this one is right until the provider is back.
        HttpResponseMessage unsure = await Get(host, s_paths[0], later);
        await unsure.AssertProblemAsync(503, "unavailable");
        Assert.Equal("2", unsure.Headers.GetValues("Retry-After").Single());
        Assert.Equal(200, await Status(host, s_paths[0], token));
        provider.IsAway = false;
        Assert.Equal(200, await Status(host, s_paths[0], later));
    }

    [Fact]
    public async Task Provider_WhoseKeysWereNeverRead_MakesUnsure()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        string token = await provider.Token("ann-grid-readers");
        provider.IsAway = true;

        await (await Get(host, s_paths[0], token)).AssertProblemAsync(503, "unavailable");
        HttpResponseMessage segment = await Get(host, s_paths[1], token);
        provider.IsAway = false;

        Assert.Equal(503, (int)segment.StatusCode);
        Assert.Equal(200, await Status(host, s_paths[0], token));
    }

    [Fact]
    public async Task Provider_WhenTokensNameKeysAtRandom_IsNotHammered()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        Assert.Equal(200, await Status(host, s_paths[0], await provider.Token("ann-grid-readers")));

        int[] statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(number =>
                {
                    var token = new RawToken(provider);
                    token.Header["kid"] = $"random-{number}";
                    return Status(host, s_paths[number % 2], token.ToString());
                })
        );

        Assert.All(statuses, status => Assert.Equal(401, status));
        Assert.InRange(provider.KeyReads, 2, 4);
    }

    [Fact]
    public async Task Token_OfASender_CollectsAsASourceOfItsOwn()
    {
        await using Provider provider = await Provider.Start();
        using CollectHost host = new([.. provider.Settings.Select(one => (one.Key, one.Value!))]);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/track");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await provider.Token("crm-grid-senders")
        );
        request.Content = new StringContent(Wire.Track);
        HttpResponseMessage response = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("token:crm-grid-senders", host.Intake.Only.Source);
    }

    /// <summary>An SDK may carry its own token in the header; then the body's key counts, as ever.</summary>
    [Fact]
    public async Task Token_ThatIsNobodys_LeavesTheBodysKeyItsPlace()
    {
        await using Provider provider = await Provider.Start();
        using CollectHost host = new([.. provider.Settings.Select(one => (one.Key, one.Value!))]);
        var token = new RawToken(provider);
        token.Claims["iss"] = "https://accounts.example.com";

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/track");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.ToString());
        request.Content = new StringContent($$"""{"event":"e","userId":"u","writeKey":"{{CollectHost.CollectKey}}"}""");

        Assert.Equal(HttpStatusCode.OK, (await host.Http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("Audience is missing", "https://id.example.com", "")]
    [InlineData("Issuer must be an address", "http://id.example.com", "grid")]
    [InlineData("Issuer must be an address", "file:///etc/passwd", "grid")]
    [InlineData("Issuer is not", "", "grid")]
    [InlineData("Algorithms holds 'HS256'", "https://id.example.com", "grid", "RS256,HS256")]
    [InlineData("Algorithms holds 'none'", "https://id.example.com", "grid", "none")]
    [InlineData("Algorithms must name one", "https://id.example.com", "grid", "")]
    [InlineData("Roles is not valid", "https://id.example.com", "grid", "RS256", "admins")]
    [InlineData("Roles is not valid", "https://id.example.com", "grid", "RS256", "a=read,a=admin")]
    [InlineData("ClockSkew must be", "https://id.example.com", "grid", "RS256", "a=read", 61)]
    [InlineData(null, "https://id.example.com", "grid")]
    [InlineData(null, "", "")]
    public void Problem_OfSettings_NamesTheOneThatIsWrong(
        string? expected,
        string issuer,
        string audience,
        string algorithms = "RS256",
        string roles = "a=read",
        int skewSeconds = 60
    )
    {
        string? problem = new TokenOptions
        {
            Issuer = issuer,
            Audience = audience,
            Algorithms = algorithms,
            Roles = roles,
            ClockSkew = TimeSpan.FromSeconds(skewSeconds),
        }.Problem();

        if (expected is null)
        {
            Assert.Null(problem);
        }
        else
        {
            Assert.Contains(expected, problem, StringComparison.Ordinal);
        }
    }

    internal static Task<ProfilesHost> Start(Provider provider, string? types = null)
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1");
        Dictionary<string, string?> settings = provider.Settings;
        settings["Customer360:Access:WrongKeysPerMinuteMax"] = "100000";
        if (types is not null)
        {
            settings["Customer360:Tokens:Types"] = types;
        }

        return ProfilesHost.Start(world, settings);
    }

    internal static async Task<HttpResponseMessage> Get(ProfilesHost host, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Authorization", $"Bearer {token}");
        return await host.Client.SendAsync(request);
    }

    private static async Task<int> Status(ProfilesHost host, string path, string token)
    {
        using HttpResponseMessage response = await Get(host, path, token);
        return (int)response.StatusCode;
    }
}
