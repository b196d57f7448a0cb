using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Http;

/// <summary>What a request means that is nearly one: it is refused, and nothing is done by it.</summary>
public sealed class OddInputTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-odd-").FullName;
    private ProfilesHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await ProfilesHost.StartReal(_folder);
        _host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            ProfilesHost.AdminKey
        );
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Requests_ThatAreNearlyRight_AreRefusedByName()
    {
        (string Method, string Path, string? Body)[] odd =
        [
            ("POST", "/v1/retention:run?dry=true", null),
            ("POST", "/v1/retention:run?dryRun=", null),
            ("POST", "/v1/retention:run?dryRun=true&dryRun=false", null),
            ("POST", "/v1/quarantine:redrive?dryRun=", null),
            ("POST", "/v1/quarantine:redrive?dryRun=true&dryRun=false", null),
            ("GET", "/v1/audit?actro=x", null),
            ("GET", "/v1/audit?from=0001-01-01T00:00:00Z", null),
            ("GET", "/v1/leads?owner=", null),
            ("GET", "/v1/leads?owner=ann&owner=bob", null),
            ("GET", "/v1/leads?owner=%00", null),
            ("GET", $"/v1/leads?stage={new string('x', 1_500)}", null),
            ("GET", "/v1/jobs?status=running", null),
            ("POST", "/v1/routing:decide", """{"facts":{},"at":"0001-01-01T00:00:00Z"}"""),
            ("POST", "/v1/routing:decide", """{"facts":{},"at":"9999-12-31T23:59:59Z"}"""),
            ("POST", "/v1/privacy/requests", """{"type":"access","type":"erasure","identifiers":["user_id:u"]}"""),
            (
                "POST",
                "/v1/privacy/requests",
                """{"type":"rectification","identifiers":["user_id:u"],"traits":{"a\u0000b":1}}"""
            ),
            ("POST", "/v1/keys", """{"name":"k","roles":["admin"],"purposes":["analytics"]}"""),
        ];
        foreach ((string method, string path, string? body) in odd)
        {
            (int status, JsonElement answer) = await Ask(method, path, body);
            Assert.True(status == 400, $"{method} {path} {body}: {status} {answer}");
        }

        Assert.Equal(0, (await _host.GetJson("/v1/jobs")).GetProperty("jobs").GetArrayLength());
    }

    [Fact]
    public async Task PrivacyRequest_OfAnIdThatWasTaken_IsNotTakenForAnotherPerson()
    {
        string One(string person, string id) =>
            $$"""{"type":"erasure","identifiers":["user_id:{{person}}"],"requestId":"{{id}}"}""";

        (int first, JsonElement taken) = await Ask("POST", "/v1/privacy/requests", One("a", "dsr-1"));
        (int again, JsonElement same) = await Ask("POST", "/v1/privacy/requests", One("a", "dsr-1"));
        (int other, JsonElement refused) = await Ask("POST", "/v1/privacy/requests", One("b", "dsr-1"));
        (_, JsonElement none) = await Ask("POST", "/v1/privacy/requests", One("a", "undefined"));
        (int many, JsonElement some) = await Ask("POST", "/v1/privacy/requests", One("b", "undefined"));

        Assert.Equal((202, 202, 409, 202), (first, again, other, many));
        Assert.Equal(IdOf(taken), IdOf(same));
        Assert.Contains("request_differs", refused.GetRawText(), StringComparison.Ordinal);
        Assert.NotEqual(IdOf(none), IdOf(some));

        static string? IdOf(JsonElement request) => request.GetProperty("id").GetString();
    }

    private async Task<(int Status, JsonElement Answer)> Ask(string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        return ((int)response.StatusCode, ProfilesHost.Parse(await response.Content.ReadAsStringAsync()));
    }
}
