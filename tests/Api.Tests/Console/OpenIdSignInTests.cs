using System.Net;
using Customer360.Api.Tests.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Customer360.Api.Tests.Console;

/// <summary>Signing in to the console at a real OpenID provider: with the code flow, from link to link as a browser goes.</summary>
public sealed class OpenIdSignInTests
{
    private const string Profile = "/v1/profiles/user_id:u-1";

    [Fact]
    public async Task SignIn_OfAPersonWithARole_BeginsASessionAndLeadsBack()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        using var browser = new Browser(host);

        Uri end = await browser.SignIn("/console/sign-in?returnTo=%2Fcustomers%2Fuser_id%3Au-1", "ann-grid-readers");

        Assert.Equal("/customers/user_id:u-1", end.OriginalString);
        Assert.Equal(200, await browser.Status(Profile));
        Assert.Equal(403, await browser.Status("/v1/policies"));
        Assert.Contains(
            "\"name\":\"token:ann-grid-readers\"",
            await browser.Text("/console/session"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("https%3A%2F%2Fevil.example")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("%2F%5Cevil.example")]
    public async Task SignIn_WithAnotherSiteToGoBackTo_LeadsHome(string returnTo)
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        using var browser = new Browser(host);

        Assert.Equal(
            "/",
            (await browser.SignIn($"/console/sign-in?returnTo={returnTo}", "ann-grid-readers")).OriginalString
        );
    }

    /// <summary>Who cancels at the provider, and what is sent to the address of the way back by somebody who never began.</summary>
    [Fact]
    public async Task SignIn_ThatDoesNotComeToItsEnd_BeginsNoSession()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        using var browser = new Browser(host);

        Uri cancelled = await browser.SignIn("/console/sign-in", person: null);
        Uri forged = (await browser.Get("/console/signed-in?code=stolen&state=made-up")).Headers.Location!;

        Assert.Equal("/?signIn=failed", cancelled.OriginalString);
        Assert.Equal("/?signIn=failed", forged.OriginalString);
        Assert.Equal(401, await browser.Status(Profile));
    }

    [Fact]
    public async Task Keys_WhereAProviderIsSet_AreNotAskedFor()
    {
        await using Provider provider = await Provider.Start();
        await using ProfilesHost host = await Start(provider);
        using var browser = new Browser(host);

        Assert.Contains(
            "\"signIn\":{\"key\":false,\"openId\":\"/console/sign-in\"}",
            await browser.Text("/console/session"),
            StringComparison.Ordinal
        );
    }

    private static Task<ProfilesHost> Start(Provider provider)
    {
        var world = new ProfilesWorld();
        world.AddUser(ProfilesWorld.Jane, "user_id", "u-1");
        return ProfilesHost.Start(
            world,
            new(provider.Settings, StringComparer.Ordinal)
            {
                ["Customer360:Console:ClientId"] = "console",
                ["Customer360:Console:ClientSecret"] = "secret",
            },
            configure: services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System))
        );
    }

    /// <summary>Follows links by hand, with the cookies of the console's host.</summary>
    private sealed class Browser : IDisposable
    {
        private readonly HttpClient _http;

        public Browser(ProfilesHost host) =>
            _http = new HttpClient(
                new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }
            )
            {
                BaseAddress = host.Client.BaseAddress,
            };

        /// <summary>Goes to the provider and back; answers where the last link leads.</summary>
        public async Task<Uri> SignIn(string path, string? person)
        {
            Uri provider = (await Get(path)).Headers.Location!;
            Assert.Contains("code_challenge_method=S256", provider.Query, StringComparison.Ordinal);
            HttpResponseMessage there = await _http.GetAsync(
                person is null
                    ? provider
                    : new Uri($"{provider.AbsoluteUri}&{Provider.Person}={Uri.EscapeDataString(person)}")
            );
            HttpResponseMessage back = await _http.GetAsync(there.Headers.Location!);
            return back.Headers.Location!;
        }

        public Task<HttpResponseMessage> Get(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

        public async Task<int> Status(string path) => (int)(await Get(path)).StatusCode;

        public Task<string> Text(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));

        public void Dispose() => _http.Dispose();
    }
}
