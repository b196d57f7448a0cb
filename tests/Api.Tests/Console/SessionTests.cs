using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Console;

/// <summary>Sessions of the console: who gets one, what it opens, and that nobody else's page can use it.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Path = "/console/session";
    private const string Profile = "/v1/profiles/user_id:u-1";

    private ProfilesHost _host = null!;
    private HttpClient _browser = null!;

    private string Origin => _browser.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public async Task InitializeAsync()
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1");
        _host = await ProfilesHost.Start(world);
        _browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = _host.Client.BaseAddress,
        };
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task SignIn_WithAKey_BeginsASessionThatScriptsCanNotRead()
    {
        using HttpResponseMessage response = await SignIn(ProfilesHost.ReadKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement session = (await Read(response)).GetProperty("session");
        Assert.Equal("read", session.GetProperty("roles")[0].GetString());
        Assert.False(session.GetProperty("needsPurpose").GetBoolean());
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("expires=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(ProfilesHost.ReadKey, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(
            ProfilesHost.ReadKey,
            Encoding.Latin1.GetString(Convert.FromBase64String(Uri.UnescapeDataString(ValueOf(cookie)))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task SignIn_WithAKeyThatNobodyHas_IsRefused()
    {
        using HttpResponseMessage response = await SignIn("nobody-has-this-key");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("key_unknown", await Code(response));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"key\":7}")]
    [InlineData("{\"key\":\" \"}")]
    [InlineData("no json")]
    public async Task SignIn_WithoutAKey_IsABadRequest(string body)
    {
        using HttpResponseMessage response = await Send(HttpMethod.Post, Path, cookie: null, body: body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task SignIn_OfAnotherSitesPage_IsRefused()
    {
        using HttpResponseMessage response = await Send(
            HttpMethod.Post,
            Path,
            cookie: null,
            site: "cross-site",
            body: JsonSerializer.Serialize(new { key = ProfilesHost.ReadKey })
        );

        Assert.Equal("not_from_the_console", await Code(response));
    }

    [Fact]
    public async Task SignIn_WhereKeysAreOff_IsRefused()
    {
        await using ProfilesHost host = await ProfilesHost.Start(
            new ProfilesWorld(),
            new(StringComparer.Ordinal) { ["Customer360:Console:KeySignIn"] = "false" }
        );
        using var browser = new HttpClient { BaseAddress = host.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(JsonSerializer.Serialize(new { key = ProfilesHost.ReadKey })),
        };
        request.Headers.Add("X-Console", "1");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using HttpResponseMessage response = await browser.SendAsync(request);

        Assert.Equal("key_sign_in_off", await Code(response));
    }

    [Fact]
    public async Task Session_OfAReader_OpensWhatTheKeyOpensAndNoMore()
    {
        string cookie = await Cookie(ProfilesHost.ReadKey);

        Assert.Equal(200, await Status(HttpMethod.Get, Profile, cookie));
        Assert.Equal(403, await Status(HttpMethod.Get, "/v1/policies", cookie));
        Assert.Equal(401, await Status(HttpMethod.Get, Profile, cookie: null));
    }

    [Theory]
    [InlineData("customer360-console=rubbish")]
    [InlineData("customer360-console=")]
    [InlineData("customer360-console=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Session_WhoseCookieIsNotOurs_IsNone(string cookie) =>
        Assert.Equal(401, await Status(HttpMethod.Get, Profile, cookie));

    [Fact]
    public async Task Session_BesideAKeyInTheHeader_IsPassedOver()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/policies");
        request.Headers.Add("Cookie", await Cookie(ProfilesHost.AdminKey));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.ReadKey);
        using HttpResponseMessage response = await _browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    /// <summary>Where a request comes from as browsers say it: the value of <c>Sec-Fetch-Site</c>, of <c>Origin</c>, and our own header.</summary>
    [Theory]
    [InlineData("same-origin", "own", "1", true)]
    [InlineData("same-origin", null, "1", true)]
    [InlineData(null, "own", "1", true)]
    [InlineData("same-origin", "own", null, false)]
    [InlineData("same-origin", "own", "0", false)]
    [InlineData("cross-site", "http://evil.example", "1", false)]
    [InlineData("same-site", "http://127.0.0.1:1", "1", false)]
    [InlineData("same-origin", "http://evil.example", "1", false)]
    [InlineData("none", "null", "1", false)]
    [InlineData(null, "null", "1", false)]
    [InlineData(null, null, "1", false)]
    public async Task Change_ThatComesWithTheCookie_IsDoneForOurPagesAlone(
        string? site,
        string? origin,
        string? header,
        bool isDone
    )
    {
        string cookie = await Cookie(ProfilesHost.ReadKey);
        using HttpResponseMessage response = await Send(
            HttpMethod.Post,
            "/v1/profiles:batchGet",
            cookie,
            site,
            origin == "own" ? Origin : origin,
            header,
            "{\"identifiers\":[\"user_id:u-1\"]}"
        );

        if (isDone)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        else
        {
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal("not_from_the_console", await Code(response));
        }
    }

    /// <summary>Collect's paths answer any origin, with credentials. The cookie must not count there for another's page.</summary>
    [Fact]
    public async Task Collect_OfAnotherOriginsPageWithTheCookie_IsRefused()
    {
        string cookie = await Cookie(ProfilesHost.AdminKey);
        using HttpResponseMessage response = await Send(
            HttpMethod.Post,
            "/v1/track",
            cookie,
            "cross-site",
            "http://evil.example",
            header: null,
            "{\"userId\":\"u\",\"event\":\"e\"}"
        );

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("cross-site", "no-cors", 401)]
    [InlineData("same-site", "cors", 401)]
    [InlineData("cross-site", "navigate", 200)]
    [InlineData("same-origin", "cors", 200)]
    [InlineData("none", "navigate", 200)]
    public async Task Read_ThatAnotherPageAsksFor_IsAskedWithoutTheSession(string site, string mode, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Profile);
        request.Headers.Add("Cookie", await Cookie(ProfilesHost.ReadKey));
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        using HttpResponseMessage response = await _browser.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task SignOut_Done_TakesTheCookieBack()
    {
        using HttpResponseMessage response = await Send(HttpMethod.Delete, Path, await Cookie(ProfilesHost.ReadKey));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains(
            "expires=Thu, 01 Jan 1970",
            Assert.Single(response.Headers.GetValues("Set-Cookie")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Page_AtAnAddressOfTheConsole_IsAnsweredAndOtherPathsAreProblems()
    {
        using HttpResponseMessage nothing = await _browser.GetAsync(new Uri("/v1/nothing", UriKind.Relative));
        Assert.Equal("application/problem+json", nothing.Content.Headers.ContentType?.MediaType);
        using HttpResponseMessage first = await _browser.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Contains(
            "default-src 'self'",
            Assert.Single(first.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
    }

    private async Task<string> Cookie(string key)
    {
        using HttpResponseMessage response = await SignIn(key);
        return Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];
    }

    private static string ValueOf(string cookie) => cookie.Split(';')[0].Split('=', 2)[1];

    private Task<HttpResponseMessage> SignIn(string key) =>
        Send(HttpMethod.Post, Path, cookie: null, body: JsonSerializer.Serialize(new { key }));

    private async Task<int> Status(HttpMethod method, string path, string? cookie)
    {
        using HttpResponseMessage response = await Send(method, path, cookie);
        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> Send(
        HttpMethod method,
        string path,
        string? cookie,
        string? site = "same-origin",
        string? origin = null,
        string? header = "1",
        string? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body),
        };
        foreach (
            (string name, string? value) in ((string, string?)[])
                [("Cookie", cookie), ("Sec-Fetch-Site", site), ("Origin", origin), ("X-Console", header)]
        )
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _browser.SendAsync(request);
    }

    private static async Task<JsonElement> Read(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    private static async Task<string?> Code(HttpResponseMessage response) =>
        (await Read(response)).GetProperty("code").GetString();
}
