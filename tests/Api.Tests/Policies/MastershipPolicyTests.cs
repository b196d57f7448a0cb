using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Api.Tests.Policies;

/// <summary><c>/v1/policies/mastership</c> on real grains and SQLite.</summary>
public sealed class MastershipPolicyTests : IDisposable
{
    private const string Profile = "/v1/profiles/user_id:u-1";
    private const string Verbose = $"{Profile}?verbose=true";

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-mastership-").FullName;

    [Fact]
    public async Task Put_WhenTwoSourcesWroteAField_ChangesTheWinnerWithoutAMessage()
    {
        await using ProfilesHost host = await StartTwoSources();
        await Identify(host, ProfilesHost.CollectKey, "2026-11-21T10:05:00Z", """{"plan":"free","name":"Jane"}""");
        await Identify(host, CrmKey, "2026-11-21T10:00:00Z", """{"plan":"pro"}""");
        (JsonElement before, string beforeTag) = await Read(host);
        Assert.Equal("free", Trait(before, "plan"));

        await Put(host, "fields:\n  plan: {sources: [crm], writers: [crm]}\n");

        (JsonElement after, string afterTag) = await Read(host);
        Assert.Equal("pro", Trait(after, "plan"));
        Assert.Equal("Jane", Trait(after, "name"));
        Assert.Equal(before.GetProperty("lifecycle").GetRawText(), after.GetProperty("lifecycle").GetRawText());
        Assert.Equal(before.GetProperty("version").GetInt64(), after.GetProperty("version").GetInt64());
        Assert.NotEqual(beforeTag, afterTag);
        Assert.Equal(HttpStatusCode.OK, await Status(host, beforeTag));
        Assert.Equal(HttpStatusCode.NotModified, await Status(host, afterTag));

        JsonElement plan = (await host.GetJson(Verbose)).GetProperty("traits").GetProperty("plan");
        Assert.Equal("pro", plan.GetProperty("value").GetString());
        Assert.Equal("crm", plan.GetProperty("source").GetString());
        Assert.Equal("""{"field":"plan","strategy":"source-priority"}""", plan.GetProperty("rule").GetRawText());
        JsonElement ignored = Assert.Single(plan.GetProperty("ignored").EnumerateArray());
        Assert.Equal("web", ignored.GetProperty("source").GetString());
        Assert.Equal("source_may_not_write", ignored.GetProperty("reason").GetString());

        const string Segment = "/v1/spaces/s/collections/users/profiles/user_id:u-1/traits";
        Assert.Equal("pro", Trait(await host.GetJson(Segment), "plan"));

        JsonElement back = await Send(host, HttpMethod.Post, "/v1/policies/mastership:rollBack", s_latest);
        Assert.Equal("rollBack", back.GetProperty("action").GetString());
        (JsonElement last, string lastTag) = await Read(host);
        Assert.Equal("free", Trait(last, "plan"));
        Assert.Equal(beforeTag, lastTag);
    }

    [Fact]
    public async Task Put_WhenRepeatedOrRolledBack_KeepsTheHistory()
    {
        await using ProfilesHost host = await StartTwoSources();
        JsonElement none = await Send(host, HttpMethod.Get, "/v1/policies/mastership", null);
        Assert.Equal(0, none.GetProperty("number").GetInt64());

        await Put(host, "fields: {a: {strategy: max}}");
        JsonElement first = await Put(host, "fields: {a: {strategy: max}}");
        await Put(host, "fields: {a: {strategy: min}}");
        string version = $$"""{"version":"{{first.GetProperty("version").GetString()}}"}""";
        JsonElement back = await Send(host, HttpMethod.Post, "/v1/policies/mastership:rollBack", version);
        await Send(host, HttpMethod.Post, "/v1/policies/mastership:rollBack", version);

        JsonElement history = await Send(host, HttpMethod.Get, "/v1/policies/mastership/history", null);
        Assert.Equal(
            ["3 rollBack operator", "2 put operator", "1 put operator"],
            history
                .GetProperty("versions")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("number")} {one.GetProperty("action")} {one.GetProperty("by")}")
        );
        JsonElement now = await Send(host, HttpMethod.Get, "/v1/policies/mastership", null);
        Assert.Equal(1, back.GetProperty("rollBackTo").GetInt64());
        Assert.Equal("fields: {a: {strategy: max}}", now.GetProperty("yaml").GetString());
        Assert.Equal(
            """{"default":{"strategy":"latest"},"fields":{"a":{"strategy":"max"}}}""",
            now.GetProperty("policy").GetRawText()
        );
    }

    [Theory]
    [InlineData("PUT", "", "fields: {plan: {strategy: newest}}", 400, "invalid_policy")]
    [InlineData("PUT", "", "fields: {plan: [}", 400, "invalid_policy")]
    [InlineData("PUT", "", "", 400, "invalid_policy")]
    [InlineData("PUT", "", "# taken out\n", 400, "invalid_policy")]
    [InlineData("PUT", "", "{}", 400, "invalid_policy")]
    [InlineData("PUT", "", "fields:\n", 400, "invalid_policy")]
    [InlineData("POST", ":rollBack", "", 400, "invalid_json")]
    [InlineData("POST", ":rollBack", "{}", 400, "invalid_json")]
    [InlineData("POST", ":rollBack", "{\"version\":\"\\ud800\"}", 400, "invalid_json")]
    [InlineData("POST", ":rollBack", "{\"version\":\"7\"}", 404, "not_found")]
    public async Task Change_WhenItCannotBe_IsRefusedAndChangesNothing(
        string method,
        string path,
        string body,
        int status,
        string code
    )
    {
        await using ProfilesHost host = await StartTwoSources();
        JsonElement before = await Put(host, "fields: {plan: {sources: [crm]}}");

        using HttpResponseMessage response = await Ask(
            host,
            new HttpMethod(method),
            $"/v1/policies/mastership{path}",
            body,
            ProfilesHost.AdminKey
        );

        JsonElement problem = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        JsonElement now = await Send(host, HttpMethod.Get, "/v1/policies/mastership", null);
        Assert.Equal(before.GetRawText(), now.GetRawText());
    }

    [Fact]
    public async Task Put_WhenMuchIsWrong_ListsEveryPlace()
    {
        await using ProfilesHost host = await StartTwoSources();

        using HttpResponseMessage response = await Ask(
            host,
            HttpMethod.Put,
            "/v1/policies/mastership",
            "fields:\n  plan: {strategy: newest}\n  owner: {strategy: source-priority}\n",
            ProfilesHost.AdminKey
        );

        JsonElement problem = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(
            ["2 fields.plan", "3 fields.owner"],
            problem
                .GetProperty("errors")
                .EnumerateArray()
                .Select(error => $"{error.GetProperty("line")} {error.GetProperty("rule")}")
        );
    }

    [Fact]
    public async Task Mastership_WhenCallerIsNoAdministrator_IsForbidden()
    {
        await using ProfilesHost host = await StartTwoSources();

        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Put })
        {
            using HttpResponseMessage response = await Ask(
                host,
                method,
                "/v1/policies/mastership",
                "",
                ProfilesHost.ReadKey
            );
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string CrmKey = "crm-key";

    /// <summary>Goes back to what is built in.</summary>
    private static readonly string s_latest = $$"""{"version":"{{MastershipPolicy.Latest.Version}}"}""";

    private Task<ProfilesHost> StartTwoSources() =>
        ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal)
            {
                ["Customer360:Keys:3:Name"] = "crm",
                ["Customer360:Keys:3:Key"] = CrmKey,
                ["Customer360:Keys:3:Roles:0"] = "collect",
            }
        );

    private static async Task Identify(ProfilesHost host, string key, string at, string traits)
    {
        string body = $$"""{"userId":"u-1","timestamp":"{{at}}","traits":{{traits}}}""";
        using HttpResponseMessage response = await Ask(host, HttpMethod.Post, "/v1/identify?wait=applied", body, key);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<(JsonElement Profile, string Tag)> Read(ProfilesHost host)
    {
        using HttpResponseMessage response = await host.Client.GetAsync(Profile);
        return (ProfilesHost.Parse(await response.Content.ReadAsStringAsync()), response.Headers.ETag!.Tag);
    }

    private static async Task<HttpStatusCode> Status(ProfilesHost host, string known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Profile);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(known));
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static string? Trait(JsonElement profile, string name) =>
        profile.GetProperty("traits").GetProperty(name).GetString();

    private static Task<JsonElement> Put(ProfilesHost host, string yaml) =>
        Send(host, HttpMethod.Put, "/v1/policies/mastership", yaml);

    private static async Task<JsonElement> Send(ProfilesHost host, HttpMethod method, string path, string? body)
    {
        using HttpResponseMessage response = await Ask(host, method, path, body, ProfilesHost.AdminKey);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return ProfilesHost.Parse(text);
    }

    private static async Task<HttpResponseMessage> Ask(
        ProfilesHost host,
        HttpMethod method,
        string path,
        string? body,
        string key
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/yaml");
        return await host.Client.SendAsync(request);
    }
}
