using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Customer360.Api.Http;
using Customer360.Api.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Http;

/// <summary>What browsers are told, with and without TLS, and what routes that will go say of it.</summary>
public sealed class SafeHeadersTests
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    [Theory]
    [InlineData("/v1/profiles/user_id:u")]
    [InlineData("/v1/m")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/no/such/path")]
    public async Task Answers_OfEveryKind_LetABrowserRunNothing(string path)
    {
        using CollectHost host = new();

        HttpResponseMessage response = await host.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal(Nothing, response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Pages_OfOurOwn_LoadFromThisServerAlone()
    {
        using CollectHost host = new();

        HttpResponseMessage response = await host.Http.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    /// <summary>Pages of any origin may send, and read that opt-outs are heeded; nothing else may be called from them.</summary>
    [Fact]
    public async Task Routes_BesideCollect_AllowNoOtherOrigin()
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld(), environment: "Development");
        List<string> open = [];
        int count = 0;
        foreach (
            RouteEndpoint route in host
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
        )
        {
            string path =
                "/"
                + Regex.Replace(
                    route.RoutePattern.RawText!.TrimStart('/'),
                    "{[^}]*}",
                    "1",
                    RegexOptions.NonBacktracking
                );
            string method = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            foreach (string asked in (string[])[method, "OPTIONS"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(asked), path);
                request.Headers.Add("Origin", "https://evil.example.com");
                request.Headers.Add("Access-Control-Request-Method", method);
                using HttpResponseMessage response = await host.Client.SendAsync(request);
                count++;
                if (response.Headers.Contains("Access-Control-Allow-Origin"))
                {
                    open.Add(path);
                }
            }
        }

        Assert.True(count > 100, $"{count} were asked.");
        Assert.Equal(
            "a alias b batch g group i identify import m p page projects/1/settings s screen t track"
                .Split(' ')
                .Select(path => $"/v1/{path}")
                .Prepend("/.well-known/gpc.json"),
            open.Distinct().Order(StringComparer.Ordinal)
        );
    }

    /// <summary>As an operator sets it: the certificate is a file that Kestrel's own settings name.</summary>
    [Fact]
    public async Task Server_WithACertificateOfTheSettings_AnswersOverTls()
    {
        string folder = Directory.CreateTempSubdirectory("c360-tls-").FullName;
        try
        {
            using X509Certificate2 certificate = MakeCertificate();
            string file = Path.Combine(folder, "server.pem");
            string key = Path.Combine(folder, "server.key");
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(key, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
            using CollectHost host = new(
                ("Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0"),
                ("Kestrel:Endpoints:Https:Certificate:Path", file),
                ("Kestrel:Endpoints:Https:Certificate:KeyPath", key)
            );
            using var handler = new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, shown, _, _) =>
                        shown!.GetCertHashString(HashAlgorithmName.SHA256)
                        == certificate.GetCertHashString(HashAlgorithmName.SHA256),
                },
            };
            using var http = new HttpClient(handler) { BaseAddress = host.Address };

            using HttpResponseMessage response = await http.GetAsync(new Uri("/health/live", UriKind.Relative));

            Assert.Equal("https", host.Address.Scheme);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Route_ThatWillGo_SaysSoOnEveryAnswer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        await using WebApplication app = builder.Build();
        app.UseRouting();
        app.UseRouteHeaders();
        var since = DateTimeOffset.FromUnixTimeSeconds(1_688_169_599);
        app.MapGet("/old", () => "still here")
            .Deprecated(new DeprecatedRoute(since, since.AddYears(1), new Uri("https://docs.example.com/old")));
        app.MapGet("/new", () => "new");
        await app.StartAsync();
        using HttpClient http = app.GetTestClient();

        using HttpResponseMessage old = await http.GetAsync(new Uri("/old", UriKind.Relative));
        using HttpResponseMessage other = await http.GetAsync(new Uri("/new", UriKind.Relative));

        Assert.Equal("still here", await old.Content.ReadAsStringAsync());
        Assert.Equal("@1688169599", old.Headers.GetValues("Deprecation").Single());
        Assert.Equal("Sun, 30 Jun 2024 23:59:59 GMT", old.Headers.GetValues("Sunset").Single());
        Assert.Equal(
            "<https://docs.example.com/old>; rel=\"deprecation\"; type=\"text/html\"",
            old.Headers.GetValues("Link").Single()
        );
        Assert.False(other.Headers.Contains("Deprecation"));
        Assert.Throws<ArgumentException>(() => new DeprecatedRoute(since, since.AddDays(-1)));
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
