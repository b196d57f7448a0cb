using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Identity;

namespace Customer360.Api.Tests.Policies;

/// <summary><c>/v1/policies/identity</c> on real grains.</summary>
public sealed class IdentityPolicyTests : IDisposable
{
    private const string Rules = """
        defaultRegion: DE
        identifiers:
          user_id: { priority: 1, limit: 1, trust: verified }
          crm_id: { priority: 2, limit: 1 }
          email: { priority: 3, limit: 2, normalisation: email, blocked: { exact: [test@test.com] } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-rules-").FullName;

    [Fact]
    public async Task Get_WhenNothingWasPut_ShowsTheBuiltInRules()
    {
        await using ProfilesHost host = await StartAsync();

        JsonElement current = await host.GetJson("/v1/policies/identity");

        Assert.Equal(IdentityRules.Default.Version, Text(current, "version"));
        Assert.Equal("builtIn", Text(current, "action"));
        Assert.Equal(JsonValueKind.Null, current.GetProperty("at").ValueKind);
        Assert.Equal(
            "user_id",
            current.GetProperty("policy").GetProperty("identifiers")[0].GetProperty("type").GetString()
        );
        Assert.Empty((await host.GetJson("/v1/policies/identity/history")).GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task Put_WhenValid_IsInForceForTheNextRequest()
    {
        await using ProfilesHost host = await StartAsync();
        Assert.Equal(400, (await host.GetProblem("/v1/profiles/crm_id:1", 400)).GetProperty("status").GetInt32());

        using HttpResponseMessage response = await Put(host, Rules);
        JsonElement put = await Read(response, HttpStatusCode.OK);

        Assert.Equal($"\"{Text(put, "version")}\"", response.Headers.ETag!.Tag);
        Assert.Equal(("put", "operator"), (Text(put, "action"), Text(put, "by")));
        await host.GetProblem("/v1/profiles/crm_id:1", 404);
        await host.GetProblem("/v1/profiles/phone:+4930901820", 400);
        Assert.Equal(Rules, Text(await host.GetJson("/v1/policies/identity"), "yaml"));
    }

    [Fact]
    public async Task Get_WhenYamlIsAccepted_AnswersTheFile()
    {
        await using ProfilesHost host = await StartAsync();
        using HttpResponseMessage put = await Put(host, Rules);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/policies/identity");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/yaml"));

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal("application/yaml", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Rules, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Put_WhenNotValid_ListsEveryFaultAndChangesNothing()
    {
        await using ProfilesHost host = await StartAsync();

        using HttpResponseMessage response = await Put(
            host,
            Rules
                .Replace("limit: 2", "limit: 0", StringComparison.Ordinal)
                .Replace("DE", "XX", StringComparison.Ordinal)
        );
        JsonElement problem = await Read(response, HttpStatusCode.BadRequest);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("invalid_policy", Text(problem, "code"));
        Assert.Equal(
            [(1, "defaultRegion"), (5, "identifiers.email.limit")],
            problem
                .GetProperty("errors")
                .EnumerateArray()
                .Select(one => (one.GetProperty("line").GetInt32(), Text(one, "rule")))
        );
        Assert.Equal("builtIn", Text(await host.GetJson("/v1/policies/identity"), "action"));
    }

    [Fact]
    public async Task Put_WhenItIsNoText_IsRefused()
    {
        await using ProfilesHost host = await StartAsync();

        using HttpResponseMessage noUtf8 = await host.Client.PutAsync(
            "/v1/policies/identity",
            new ByteArrayContent([0xff, 0xfe, 0x00])
        );
        using HttpResponseMessage tooLarge = await Put(host, new string('#', 257 * 1024));

        Assert.Equal("invalid_policy", Text(await Read(noUtf8, HttpStatusCode.BadRequest), "code"));
        Assert.Equal("body_too_large", Text(await Read(tooLarge, HttpStatusCode.RequestEntityTooLarge), "code"));
    }

    [Fact]
    public async Task Put_WithIfMatch_OnlyReplacesWhatItNames()
    {
        await using ProfilesHost host = await StartAsync();

        using HttpResponseMessage first = await Put(host, Rules, $"\"{IdentityRules.Default.Version}\"");
        await Read(first, HttpStatusCode.OK);
        string other = Rules.Replace("limit: 2", "limit: 3", StringComparison.Ordinal);
        using HttpResponseMessage late = await Put(host, other, $"\"{IdentityRules.Default.Version}\"");
        using HttpResponseMessage weak = await Put(host, other, $"W/{first.Headers.ETag!.Tag}");
        using HttpResponseMessage any = await Put(host, other, "*");

        Assert.Equal("policy_changed", Text(await Read(late, HttpStatusCode.PreconditionFailed), "code"));
        await Read(weak, HttpStatusCode.PreconditionFailed);
        await Read(any, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Rollback_WhenTheVersionIsKnown_PutsItInForceAgain()
    {
        await using ProfilesHost host = await StartAsync();
        using HttpResponseMessage first = await Put(host, Rules);
        string version = Text(await Read(first, HttpStatusCode.OK), "version");
        using HttpResponseMessage second = await Put(
            host,
            Rules.Replace("limit: 2", "limit: 3", StringComparison.Ordinal)
        );

        using HttpResponseMessage back = await Rollback(host, version);
        JsonElement current = await Read(back, HttpStatusCode.OK);
        using HttpResponseMessage builtIn = await Rollback(host, IdentityRules.Default.Version);

        Assert.Equal((version, "rollBack"), (Text(current, "version"), Text(current, "action")));
        Assert.Equal(Rules, Text(current, "yaml"));
        Assert.Equal(IdentityRules.Default.Version, Text(await Read(builtIn, HttpStatusCode.OK), "version"));
        JsonElement page = await host.GetJson("/v1/policies/identity/history?limit=3");
        Assert.Equal(
            ["rollBack", "rollBack", "put"],
            page.GetProperty("versions").EnumerateArray().Select(one => Text(one, "action"))
        );
        JsonElement rest = await host.GetJson($"/v1/policies/identity/history?cursor={Text(page, "next")}");
        Assert.Equal(version, Text(Assert.Single(rest.GetProperty("versions").EnumerateArray()), "version"));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        Assert.Equal(Rules, Text(await host.GetJson($"/v1/policies/identity?version={version}"), "yaml"));
    }

    [Theory]
    [InlineData("""{"version":"000000000000"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"version":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"version":"\ud800"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"\udc00":1,"version":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"version":"\u0000"}""", HttpStatusCode.NotFound)]
    [InlineData("\"\\ud800\"", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    public async Task Rollback_WhenTheVersionIsNotThere_IsRefused(string body, HttpStatusCode status)
    {
        await using ProfilesHost host = await StartAsync();

        using HttpResponseMessage response = await host.Client.PostAsync(
            "/v1/policies/identity:rollBack",
            new StringContent(body)
        );

        await Read(response, status);
    }

    [Theory]
    [InlineData("?version=none", 404)]
    [InlineData("/history?limit=0", 400)]
    [InlineData("/history?cursor=x", 400)]
    public async Task Get_WhenAskedForWhatIsNotThere_IsRefused(string path, int status)
    {
        await using ProfilesHost host = await StartAsync();

        await host.GetProblem($"/v1/policies/identity{path}", status);
    }

    /// <summary>Every text that is not well-formed is a refusal, wherever it stands.</summary>
    [Theory]
    [InlineData("POST", ":approve", """{"version":"\ud800","replaces":"x"}""", 400)]
    [InlineData("POST", ":approve", """{"version":"x","replaces":"\ud800"}""", 400)]
    [InlineData("POST", ":approve", """{"version":"x"}""", 400)]
    [InlineData("POST", ":approve", """{"version":"x","replaces":"y"}""", 412)]
    [InlineData("PUT", "", "defaultRegion: \"\\ud800\"\n", 400)]
    [InlineData("PUT", "", "defaultRegion: \"\\0\"\n", 400)]
    [InlineData("PUT", "", "", 400)]
    [InlineData("PUT", "", "# nothing", 400)]
    [InlineData("POST", ":validate", "{}", 400)]
    [InlineData("POST", ":dryRun", "", 400)]
    [InlineData("GET", "?version=%ED%A0%80", null, 404)]
    [InlineData("GET", "?version=%00", null, 404)]
    [InlineData("GET", "/history?cursor=%ED%A0%80", null, 400)]
    public async Task Call_WhenATextIsNotWellFormed_IsRefused(string method, string path, string? body, int status)
    {
        await using ProfilesHost host = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/policies/identity{path}");
        request.Content = body is null ? null : new StringContent(body);

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("builtIn", Text(await host.GetJson("/v1/policies/identity"), "action"));
    }

    [Fact]
    public async Task Get_WhenThereIsNoSuchKind_IsRefused()
    {
        await using ProfilesHost host = await StartAsync();

        await host.GetProblem("/v1/policies/nothing", 404);
        await host.GetProblem("/v1/policies/%ED%A0%80", 404);
        await host.GetProblem("/v1/policies/Identity", 404);
        await host.GetProblem("/v1/identity/rules", 404);
        await host.GetProblem("/v1/mastership", 404);
    }

    [Fact]
    public async Task List_WhenAsked_HasEveryKind()
    {
        await using ProfilesHost host = await StartAsync();
        using HttpResponseMessage put = await Put(host, Rules);

        JsonElement[] policies = [.. (await host.GetJson("/v1/policies")).GetProperty("policies").EnumerateArray()];

        Assert.Equal(
            [
                "access builtIn 0 comparison",
                "attribution builtIn 0 comparison",
                "audiences builtIn 0 comparison",
                "consent builtIn 0 comparison",
                "contracts builtIn 0 comparison",
                "destinations builtIn 0 comparison",
                "identity put 1 job",
                "lifecycle builtIn 0 comparison",
                "mastership builtIn 0 comparison",
                "quality builtIn 0 comparison",
                "retention builtIn 0 comparison",
                "routing builtIn 0 comparison",
                "sales-team builtIn 0 comparison",
                "scoring builtIn 0 comparison",
                "sources builtIn 0 comparison",
            ],
            policies.Select(one =>
                $"{Text(one, "kind")} {Text(one, "action")} {one.GetProperty("number")} {Text(one, "dryRun")}"
            )
        );
    }

    [Fact]
    public async Task Validate_WhenValid_SaysWhatItWouldChange()
    {
        await using ProfilesHost host = await StartAsync();
        using HttpResponseMessage put = await Put(host, Rules);

        using HttpResponseMessage response = await host.Client.PostAsync(
            "/v1/policies/identity:validate",
            new StringContent(Rules.Replace("limit: 2", "limit: 3", StringComparison.Ordinal))
        );

        JsonElement change = Assert.Single(
            (await Read(response, HttpStatusCode.OK)).GetProperty("changes").EnumerateArray()
        );
        Assert.Equal("identifiers[email].limit", Text(change, "path"));
        Assert.Equal((2, 3), (change.GetProperty("before").GetInt32(), change.GetProperty("after").GetInt32()));
    }

    [Fact]
    public async Task Rules_WithoutTheRoleAdmin_AreClosed()
    {
        await using ProfilesHost host = await StartAsync();
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.ReadKey);

        await host.GetProblem("/v1/policies/identity", 403);
        await host.GetProblem("/v1/policies/identity/history", 403);
        using HttpResponseMessage put = await Put(host, Rules);
        using HttpResponseMessage back = await Rollback(host, IdentityRules.Default.Version);
        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, back.StatusCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ProfilesHost> StartAsync()
    {
        ProfilesHost host = await ProfilesHost.StartReal(_folder);
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            ProfilesHost.AdminKey
        );
        return host;
    }

    private static async Task<HttpResponseMessage> Put(ProfilesHost host, string yaml, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/identity");
        request.Content = new StringContent(yaml, Encoding.UTF8, "text/plain");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await host.Client.SendAsync(request);
    }

    private static Task<HttpResponseMessage> Rollback(ProfilesHost host, string version) =>
        host.Client.PostAsync(
            "/v1/policies/identity:rollBack",
            new StringContent(JsonSerializer.Serialize(new { version }), Encoding.UTF8, "application/json")
        );

    private static async Task<JsonElement> Read(HttpResponseMessage response, HttpStatusCode status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        return ProfilesHost.Parse(text);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
