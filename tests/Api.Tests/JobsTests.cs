using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Identity;

namespace Customer360.Api.Tests;

/// <summary>Dry runs and checks over HTTP, on the real grid.</summary>
public sealed class JobsTests : IDisposable
{
    private const string TwoUsers = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, window: ever, normalisation: exact }
          anonymous_id: { priority: 3, limit: 5, window: ever, normalisation: exact }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-jobs-").FullName;

    [Fact]
    public async Task DryRun_WhenItIsDone_AnswersWithCountsAndPagesOfCustomers()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host);

        using HttpResponseMessage begun = await Send(host, HttpMethod.Post, "/v1/policies/identity:dryRun", TwoUsers);

        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        string path = begun.Headers.Location!.OriginalString;
        JsonElement job = ProfilesHost.Parse(await begun.Content.ReadAsStringAsync());
        Assert.Equal($"/v1/jobs/{job.GetProperty("id").GetString()}", path);
        Assert.Equal("dryRun", job.GetProperty("kind").GetString());
        job = await Finish(host, path);
        Assert.Equal(100, job.GetProperty("percent").GetDouble());
        Assert.Equal(0, job.GetProperty("estimatedSecondsLeft").GetDouble());
        Assert.NotEqual(JsonValueKind.Null, job.GetProperty("finishedAt").ValueKind);
        JsonElement customers = job.GetProperty("result").GetProperty("customers");
        Assert.Equal(2, customers.GetProperty("merge").GetInt32());
        JsonElement page = await GetJson(host, $"{path}/customers?limit=1");
        JsonElement customer = Assert.Single(page.GetProperty("customers").EnumerateArray());
        Assert.Equal("m-2", customer.GetProperty("edges")[0].GetProperty("messageId").GetString());
        page = await GetJson(host, $"{path}/customers?limit=1&cursor={page.GetProperty("next").GetString()}");
        Assert.Single(page.GetProperty("customers").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        JsonElement list = await GetJson(host, "/v1/jobs");
        Assert.Equal(
            "done",
            Assert.Single(list.GetProperty("jobs").EnumerateArray()).GetProperty("status").GetString()
        );
        using HttpResponseMessage late = await Send(host, HttpMethod.Delete, path, null);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task Check_WhenItIsDone_AnswersWithWhatItCompared()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host);

        using HttpResponseMessage begun = await Send(host, HttpMethod.Post, "/v1/rebuild:check", null);

        string path = begun.Headers.Location!.OriginalString;
        JsonElement result = (await Finish(host, path)).GetProperty("result");
        Assert.Equal(2, result.GetProperty("messages").GetInt32());
        Assert.Equal(2, result.GetProperty("anchors").GetInt32());
        Assert.Empty(result.GetProperty("differences").EnumerateArray());
        using HttpResponseMessage customers = await Send(host, HttpMethod.Get, $"{path}/customers", null);
        Assert.Equal(HttpStatusCode.NotFound, customers.StatusCode);
    }

    [Fact]
    public async Task Apply_WhenADryRunIsDone_CutsOverAndRollBackReturnsTheFormerGraph()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host);
        string dryRun = await Begin(host, "/v1/policies/identity:dryRun", TwoUsers);
        await Finish(host, dryRun);

        string cutOver = await Begin(host, $"{dryRun}:apply", null);

        JsonElement job = await Finish(host, cutOver);
        Assert.Equal("cutOver", job.GetProperty("kind").GetString());
        Assert.EndsWith(job.GetProperty("of").GetString()!, dryRun, StringComparison.Ordinal);
        Assert.Equal(1, job.GetProperty("result").GetProperty("merged").GetInt32());
        JsonElement steps = await GetJson(host, $"{cutOver}/steps?limit=1");
        JsonElement step = Assert.Single(steps.GetProperty("steps").EnumerateArray());
        Assert.Equal("done", step.GetProperty("outcome").GetString());
        Assert.False(step.TryGetProperty("stays", out _));
        Assert.Equal(await CustomerOf(host, 1), await CustomerOf(host, 2));
        using HttpResponseMessage again = await Send(host, HttpMethod.Post, $"{dryRun}:apply", null);
        await AssertProblem(again, HttpStatusCode.Conflict, "already_applied");

        string rollBack = await Begin(host, $"{cutOver}:rollback", null);

        job = await Finish(host, rollBack);
        Assert.Equal("rollBack", job.GetProperty("kind").GetString());
        Assert.NotEqual(await CustomerOf(host, 1), await CustomerOf(host, 2));
        JsonElement rules = await GetJson(host, "/v1/policies/identity");
        Assert.Equal(IdentityRules.Default.Version, rules.GetProperty("version").GetString());
        using HttpResponseMessage twice = await Send(host, HttpMethod.Post, $"{cutOver}:rollback", null);
        await AssertProblem(twice, HttpStatusCode.Conflict, "already_rolled_back");
    }

    [Fact]
    public async Task Apply_WhenThereIsNoFinishedDryRun_SaysSo()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host);
        string check = await Begin(host, "/v1/rebuild:check", null);
        await Finish(host, check);
        string dryRun = await Begin(host, "/v1/policies/identity:dryRun", TwoUsers);
        await Finish(host, dryRun);
        string unknown = "/v1/jobs/j_0123456789abcdef0123456789abcdef";

        using HttpResponseMessage none = await Send(host, HttpMethod.Post, $"{unknown}:apply", null);
        using HttpResponseMessage noId = await Send(host, HttpMethod.Post, "/v1/jobs/x:rollback", null);
        using HttpResponseMessage ofCheck = await Send(host, HttpMethod.Post, $"{check}:apply", null);
        using HttpResponseMessage ofDryRun = await Send(host, HttpMethod.Post, $"{dryRun}:rollback", null);
        using HttpResponseMessage steps = await Send(host, HttpMethod.Get, $"{dryRun}/steps", null);
        using HttpResponseMessage put = await Send(
            host,
            HttpMethod.Put,
            "/v1/policies/identity",
            TwoUsers.Replace("limit: 5", "limit: 4", StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        using HttpResponseMessage late = await Send(host, HttpMethod.Post, $"{dryRun}:apply", null);

        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, noId.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, steps.StatusCode);
        await AssertProblem(ofCheck, HttpStatusCode.Conflict, "not_a_dry_run");
        await AssertProblem(ofDryRun, HttpStatusCode.Conflict, "not_a_cut_over");
        await AssertProblem(late, HttpStatusCode.Conflict, "rules_changed");
    }

    [Fact]
    public async Task DryRun_WhenTheRulesAreWrong_NamesTheLineAndBeginsNothing()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);

        using HttpResponseMessage refused = await Send(
            host,
            HttpMethod.Post,
            "/v1/policies/identity:dryRun",
            "defaultRegion: US\nidentifiers:\n  email: { priority: 1, limit: 0, normalisation: email }\n"
        );

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        JsonElement problem = ProfilesHost.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("invalid_policy", problem.GetProperty("code").GetString());
        Assert.Equal(3, problem.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Empty((await GetJson(host, "/v1/jobs")).GetProperty("jobs").EnumerateArray());
    }

    [Fact]
    public async Task Cancel_WhenAJobRuns_EndsIt()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(
            _folder,
            new()
            {
                // Rests a long time after each message or two.
                ["Customer360:Jobs:Share"] = "0.01",
                ["Customer360:Jobs:Processors"] = "1",
                ["Customer360:Grid:Partitions"] = "64",
            }
        );
        await Collect(host);
        using HttpResponseMessage begun = await Send(host, HttpMethod.Post, "/v1/policies/identity:dryRun", TwoUsers);
        using HttpResponseMessage second = await Send(host, HttpMethod.Post, "/v1/rebuild:check", null);
        string path = begun.Headers.Location!.OriginalString;

        using HttpResponseMessage cancelled = await Send(host, HttpMethod.Delete, path, null);

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        JsonElement problem = ProfilesHost.Parse(await second.Content.ReadAsStringAsync());
        Assert.Equal("job_under_way", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal("cancelled", (await GetJson(host, path)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("/v1/jobs/j_0123456789abcdef0123456789abcdef", HttpStatusCode.NotFound)]
    [InlineData("/v1/jobs/nothing", HttpStatusCode.NotFound)]
    [InlineData("/v1/jobs/j_0123456789abcdef0123456789abcdef/customers", HttpStatusCode.NotFound)]
    [InlineData("/v1/jobs/j_0123456789abcdef0123456789abcdef/customers?cursor=x", HttpStatusCode.BadRequest)]
    public async Task Get_WhenThereIsNoSuchJob_SaysSo(string path, HttpStatusCode status)
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);

        using HttpResponseMessage response = await Send(host, HttpMethod.Get, path, null);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Jobs_WhenTheCallerOnlyReads_AreRefused()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client.GetAsync("/v1/jobs")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client.PostAsync("/v1/rebuild:check", null)).StatusCode);
        string job = "/v1/jobs/j_0123456789abcdef0123456789abcdef";
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client.PostAsync($"{job}:apply", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client.PostAsync($"{job}:rollback", null)).StatusCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> Begin(ProfilesHost host, string path, string? body)
    {
        using HttpResponseMessage begun = await Send(host, HttpMethod.Post, path, body);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        return begun.Headers.Location!.OriginalString;
    }

    private static async Task<string?> CustomerOf(ProfilesHost host, int user) =>
        (await GetJson(host, $"/v1/profiles/user_id:u-{user}")).GetProperty("customerId").GetString();

    private static async Task AssertProblem(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        JsonElement problem = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.GetProperty("code").GetString());
    }

    private static async Task Collect(ProfilesHost host)
    {
        foreach (int user in new[] { 1, 2 })
        {
            using HttpResponseMessage response = await Send(
                host,
                HttpMethod.Post,
                "/v1/identify?wait=applied",
                $$"""{"messageId":"m-{{user}}","userId":"u-{{user}}","anonymousId":"a-1"}"""
            );
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task<HttpResponseMessage> Send(ProfilesHost host, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8);
        return await host.Client.SendAsync(request);
    }

    private static async Task<JsonElement> GetJson(ProfilesHost host, string path)
    {
        using HttpResponseMessage response = await Send(host, HttpMethod.Get, path, null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> Finish(ProfilesHost host, string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            JsonElement job = await GetJson(host, path);
            if (job.GetProperty("status").GetString() != "running")
            {
                Assert.Equal("done", job.GetProperty("status").GetString());
                return job;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }
}
