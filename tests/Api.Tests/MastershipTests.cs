using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests;

/// <summary><c>/v1/mastership</c> on real grains, the embedded engine and SQLite.</summary>
public sealed class MastershipTests : IDisposable
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
        Assert.DoesNotMatch("-[0-9a-f]{12}\"$", beforeTag);

        JsonElement taken = await Put(host, "fields:\n  plan: {sources: [crm], writers: [crm]}\n");

        (JsonElement after, string afterTag) = await Read(host);
        Assert.Equal("pro", Trait(after, "plan"));
        Assert.Equal("Jane", Trait(after, "name"));
        Assert.Equal(before.GetProperty("lifecycle").GetRawText(), after.GetProperty("lifecycle").GetRawText());
        Assert.Equal(before.GetProperty("version").GetInt64(), after.GetProperty("version").GetInt64());
        Assert.Equal(beforeTag.TrimEnd('"') + $"-{taken.GetProperty("version").GetString()}\"", afterTag);
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

        JsonElement back = await Send(host, HttpMethod.Post, "/v1/mastership:rollback", """{"revision":0}""");
        Assert.Equal("rollback", back.GetProperty("action").GetString());
        (JsonElement last, string lastTag) = await Read(host);
        Assert.Equal("free", Trait(last, "plan"));
        Assert.Equal(beforeTag, lastTag);
    }

    [Fact]
    public async Task Put_WhenRepeatedOrRolledBack_KeepsTheHistory()
    {
        await using ProfilesHost host = await StartTwoSources();
        JsonElement none = await Send(host, HttpMethod.Get, "/v1/mastership", null);
        Assert.Equal(0, none.GetProperty("revision").GetInt64());
        Assert.Empty(none.GetProperty("history").EnumerateArray());

        await Put(host, "fields: {a: {strategy: max}}");
        await Put(host, "fields: {a: {strategy: max}}");
        await Put(host, "fields: {a: {strategy: min}}");
        JsonElement back = await Send(host, HttpMethod.Post, "/v1/mastership:rollback", """{"revision":1}""");
        await Send(host, HttpMethod.Post, "/v1/mastership:rollback", """{"revision":1}""");

        JsonElement now = await Send(host, HttpMethod.Get, "/v1/mastership", null);
        Assert.Equal(
            ["3 rollback operator", "2 put operator", "1 put operator"],
            now.GetProperty("history")
                .EnumerateArray()
                .Select(one => $"{one.GetProperty("revision")} {one.GetProperty("action")} {one.GetProperty("by")}")
        );
        Assert.Equal(1, back.GetProperty("rollbackTo").GetInt64());
        Assert.Equal("fields: {a: {strategy: max}}", now.GetProperty("yaml").GetString());
        Assert.Equal(
            """{"default":{"strategy":"latest"},"fields":{"a":{"strategy":"max"}}}""",
            now.GetProperty("policy").GetRawText()
        );
    }

    [Theory]
    [InlineData("PUT", "/v1/mastership", "fields: {plan: {strategy: newest}}", 400, "invalid_configuration")]
    [InlineData("PUT", "/v1/mastership", "fields: {plan: [}", 400, "invalid_configuration")]
    [InlineData("POST", "/v1/mastership:rollback", "", 400, "invalid_json")]
    [InlineData("POST", "/v1/mastership:rollback", "{}", 400, "invalid_json")]
    [InlineData("POST", "/v1/mastership:rollback", "{\"revision\":1.5}", 400, "invalid_json")]
    [InlineData("POST", "/v1/mastership:rollback", "{\"revision\":7}", 404, "not_found")]
    [InlineData("POST", "/v1/mastership:rollback", "{\"revision\":-1}", 404, "not_found")]
    public async Task Change_WhenItCannotBe_IsRefusedAndChangesNothing(
        string method,
        string path,
        string body,
        int status,
        string code
    )
    {
        await using ProfilesHost host = await StartTwoSources();

        using HttpResponseMessage response = await Ask(host, new HttpMethod(method), path, body, ProfilesHost.AdminKey);

        JsonElement problem = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        JsonElement now = await Send(host, HttpMethod.Get, "/v1/mastership", null);
        Assert.Equal(0, now.GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task Put_WhenMuchIsWrong_ListsEveryPlace()
    {
        await using ProfilesHost host = await StartTwoSources();

        using HttpResponseMessage response = await Ask(
            host,
            HttpMethod.Put,
            "/v1/mastership",
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
            using HttpResponseMessage response = await Ask(host, method, "/v1/mastership", "", ProfilesHost.ReadKey);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string CrmKey = "crm-key";

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
        Send(host, HttpMethod.Put, "/v1/mastership", yaml);

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
