using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests;

/// <summary>Explanations and receipts, on real grains and SQLite.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-explain-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Explain_AfterCreateLinkMergeAndDemotion_ShowsAllInOrderWithTheirEvidence()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await CreateLinkMergeDemote(host);

        JsonElement explained = await host.GetJson("/v1/profiles/user_id:u-1/explain");

        string customerId = explained.GetProperty("customerId").GetString()!;
        JsonElement[] history = [.. explained.GetProperty("history").EnumerateArray()];
        Assert.Equal(
            [
                "created m-1 user_id:u-1",
                "created m-2 anonymous_id:a-2",
                "merged m-3 anonymous_id:a-2",
                "linked m-4 email:jane@example.com",
            ],
            history.Select(Line)
        );
        Assert.All(history, entry => Assert.Matches("^[0-9a-f]{12}$", Text(entry, "ruleVersion")));
        Assert.All(history, entry => Assert.Equal("web", Text(entry, "source")));
        Assert.All(history, entry => Assert.NotEmpty(Text(entry, "because")));
        Assert.Equal("2026-11-21T10:02:00.000Z", Text(history[2], "at"));
        Assert.Equal(customerId, Text(history[2], "customerId"));
        Assert.Equal(Text(history[1], "customerId"), Text(history[2], "otherCustomerId"));
        Assert.Equal(Text(history[2], "id"), Text(history[2], "mergeId"));
        Assert.Equal(
            ["anonymous_id:a-2 m-2,m-3", "email:jane@example.com m-4", "user_id:u-1 m-1"],
            explained
                .GetProperty("identifiers")
                .EnumerateArray()
                .Select(one =>
                {
                    JsonElement[] evidence = [.. one.GetProperty("evidence").EnumerateArray()];
                    Assert.All(evidence, message => Assert.Equal("deterministic", Text(message, "confidence")));
                    string messages = string.Join(',', evidence.Select(message => Text(message, "messageId")));
                    return $"{Text(one, "type")}:{Text(one, "value")} {messages}";
                })
        );
        JsonElement plan = explained.GetProperty("fields").GetProperty("plan");
        Assert.Equal("pro", Text(plan, "value"));
        Assert.Equal("m-4", Text(plan, "messageId"));
        Assert.False(explained.TryGetProperty("next", out _));

        JsonElement other = await host.GetJson("/v1/profiles/user_id:u-2/explain");
        Assert.Equal(
            ["created m-5 user_id:u-2", "demoted m-5 anonymous_id:a-2"],
            other.GetProperty("history").EnumerateArray().Select(Line)
        );
        Assert.Contains("user_id", Text(other.GetProperty("history")[1], "because"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_OfACustomerThatMergedAway_IsThatOfTheOneItMergedInto()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await CreateLinkMergeDemote(host);
        JsonElement explained = await host.GetJson("/v1/profiles/user_id:u-1/explain");
        string merged = Text(explained.GetProperty("history")[2], "otherCustomerId");

        JsonElement byStub = await host.GetJson($"/v1/profiles/customer:{merged}/explain");

        Assert.Equal(explained.GetRawText(), byStub.GetRawText());
    }

    [Fact]
    public async Task Explain_OfAChainOfMerges_HasTheHistoryOfEach()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);

        // The third merges into the second, and then the second into the first, although the decision about the latter is older.
        await Collect(host, Track("m-1", 1, anonymousId: "a-1"));
        await Collect(host, Track("m-2", 2, anonymousId: "a-2"));
        await Collect(host, Track("m-3", 3, anonymousId: "a-3"));
        await Collect(host, Identify("m-4", 4, "u-1", "a-3"));
        await Collect(host, Identify("m-5", 5, "u-1", "a-2"));
        await Collect(host, Identify("m-6", 6, "u-1", "a-1"));

        JsonElement explained = await host.GetJson("/v1/profiles/anonymous_id:a-1/explain");

        Assert.Equal(
            [
                "created m-1 anonymous_id:a-1",
                "created m-2 anonymous_id:a-2",
                "created m-3 anonymous_id:a-3",
                "linked m-4 user_id:u-1",
                "merged m-5 anonymous_id:a-3,user_id:u-1",
                "merged m-6 anonymous_id:a-2,anonymous_id:a-3,user_id:u-1",
            ],
            explained.GetProperty("history").EnumerateArray().Select(Line)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Explain_PageByPage_ShowsEveryDecisionOnce(int limit)
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await CreateLinkMergeDemote(host);
        JsonElement whole = await host.GetJson("/v1/profiles/user_id:u-1/explain");

        List<string> seen = [];
        string? next = null;
        do
        {
            JsonElement page = await host.GetJson(
                $"/v1/profiles/user_id:u-1/explain?limit={limit}{(next is null ? "" : $"&cursor={next}")}"
            );
            Assert.Equal(next is null, page.TryGetProperty("fields", out _));
            seen.AddRange(page.GetProperty("history").EnumerateArray().Select(Line));
            next = page.TryGetProperty("next", out JsonElement cursor) ? cursor.GetString() : null;
        } while (next is not null);

        Assert.Equal(whole.GetProperty("history").EnumerateArray().Select(Line), seen);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("cursor=AAAA")]
    [InlineData("cursor=%00%ff")]
    [InlineData("cursor=A___________AAAA")]
    public async Task Explain_WhenAParameterIsBad_Answers400(string query)
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host, Track("m-1", 1, anonymousId: "a-1"));

        JsonElement problem = await host.GetProblem($"/v1/profiles/anonymous_id:a-1/explain?{query}", 400);

        Assert.Equal("invalid_parameter", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Explain_WhenNobodyHasIt_Answers404()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);

        await host.GetProblem("/v1/profiles/user_id:nobody/explain", 404);
        await host.GetProblem("/v1/profiles/customer:c_019ac8d12f400030000000099/explain", 404);
    }

    [Fact]
    public async Task Receipt_OfEachMessage_SaysWhereItWentAndWhatBecameOfItsIdentifiers()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await CreateLinkMergeDemote(host);
        string customerId = Text(await host.GetJson("/v1/profiles/user_id:u-1"), "customerId");

        JsonElement first = await host.GetJson("/v1/receipts/m-2");
        Assert.Equal("accepted", Text(first, "status"));
        Assert.Equal("anonymous_id:a-2", Text(first, "anchor"));
        Assert.Equal(customerId, Text(first, "customerId"));
        Assert.Equal("track", Text(first, "type"));
        Assert.Equal("web", Text(first, "source"));
        Assert.Equal("2026-11-21T10:01:00Z", Text(first, "timestamp"));
        Assert.True(first.GetProperty("applied").GetBoolean());
        Assert.True(first.GetProperty("position").GetInt64() >= 1);
        Assert.Equal(["anonymous_id:a-2 linked "], Outcomes(first));

        JsonElement demoted = await host.GetJson("/v1/receipts/m-5");
        Assert.Equal(
            [
                "user_id:u-2 linked ",
                "anonymous_id:a-2 demoted the limit of user_id would have been broken",
                "email: blocked invalid_email",
            ],
            Outcomes(demoted)
        );
        Assert.NotEqual(customerId, Text(demoted, "customerId"));
    }

    [Fact]
    public async Task Receipt_OfARepeat_IsThatOfTheStoredMessage()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host, Track("m-1", 1, anonymousId: "a-1"));
        JsonElement before = await host.GetJson("/v1/receipts/m-1");
        await Collect(host, Track("m-1", 9, anonymousId: "a-1"));

        Assert.Equal(before.GetRawText(), (await host.GetJson("/v1/receipts/m-1")).GetRawText());
    }

    [Fact]
    public async Task Receipt_OfAnIdThatWasGivenTwice_ShowsTheFirstAndWhereTheOtherIs()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        int differing = 0;
        for (int index = 0; index < 9 && differing == 0; index++)
        {
            // The hash of an anchor chooses its partition, so two of nine certainly go to different ones.
            await Collect(host, Track("same", index, anonymousId: $"a-{index}"));
            JsonElement receipt = await host.GetJson("/v1/receipts/same");
            Assert.Equal("anonymous_id:a-0", Text(receipt, "anchor"));
            differing = receipt.TryGetProperty("others", out JsonElement others) ? others.GetArrayLength() : 0;
        }

        Assert.Equal(1, differing);
    }

    [Fact]
    public async Task Receipt_OfAnIdWithSlashes_IsFound()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host, Track("a/b c%2F", 1, anonymousId: "a-1"));

        JsonElement receipt = await host.GetJson($"/v1/receipts/{Uri.EscapeDataString("a/b c%2F")}");

        Assert.Equal("a/b c%2F", Text(receipt, "messageId"));
    }

    [Fact]
    public async Task Receipt_WhenUnknown_Answers404()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);

        await host.GetProblem("/v1/receipts/nobody", 404);
        await host.GetProblem("/v1/receipts/" + new string('x', 101), 404);
    }

    [Fact]
    public async Task Receipts_NeedTheRoleRead()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            ProfilesHost.CollectKey
        );

        await host.GetProblem("/v1/receipts/m-1", 403);
        await host.GetProblem("/v1/profiles/user_id:u-1/explain", 403);
    }

    [Fact]
    public async Task Collect_WithReceiptsAndWait_TellsWhoMayReadWhereEachMessageWent()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await Collect(host, Identify("m-1", 1, "u-1", "a-1"));
        const string Batch = """
            {"batch":[
              {"type":"identify","messageId":"m-2","userId":"u-2","anonymousId":"a-1","traits":{"email":"no address"}},
              {"type":"identify","messageId":"m-1","userId":"u-1","anonymousId":"a-1"},
              {"type":"dance","messageId":"m-3","userId":"u-1"}
            ]}
            """;

        JsonElement told = await Send(host, Batch, ProfilesHost.AdminKey);

        JsonElement[] receipts = [.. told.GetProperty("receipts").EnumerateArray()];
        Assert.Equal(["accepted", "duplicate", "rejected"], receipts.Select(one => Text(one, "status")));
        Assert.Equal(
            [
                "user_id:u-2 linked ",
                "anonymous_id:a-1 demoted the limit of user_id would have been broken",
                "email: blocked invalid_email",
            ],
            Outcomes(receipts[0])
        );
        Assert.Equal(["user_id:u-1 linked ", "anonymous_id:a-1 linked "], Outcomes(receipts[1]));
        Assert.Equal(
            Text(await host.GetJson("/v1/profiles/user_id:u-2"), "customerId"),
            Text(receipts[0], "customerId")
        );
        Assert.False(receipts[2].TryGetProperty("identifiers", out _));

        // A key that may only send learns of its own mistakes, and nothing of who belongs together.
        JsonElement kept = await Send(host, Batch, ProfilesHost.CollectKey);
        JsonElement first = kept.GetProperty("receipts")[0];
        Assert.Equal(["email: blocked invalid_email"], Outcomes(first));
        Assert.False(first.TryGetProperty("customerId", out _));
    }

    private static async Task CreateLinkMergeDemote(ProfilesHost host)
    {
        await Collect(
            host,
            """{"type":"identify","messageId":"m-1","userId":"u-1","timestamp":"2026-11-21T10:00:00Z","traits":{"plan":"free"}}"""
        );
        await Collect(host, Track("m-2", 1, anonymousId: "a-2"));
        await Collect(host, Identify("m-3", 2, "u-1", "a-2"));
        await Collect(
            host,
            """
            {"type":"identify","messageId":"m-4","userId":"u-1","timestamp":"2026-11-21T10:03:00Z",
             "traits":{"plan":"pro","email":"jane@example.com"}}
            """
        );
        await Collect(
            host,
            """
            {"type":"identify","messageId":"m-5","userId":"u-2","anonymousId":"a-2","timestamp":"2026-11-21T10:04:00Z",
             "traits":{"email":"no address"}}
            """
        );
    }

    private static string Track(string messageId, int minute, string anonymousId) =>
        $$"""{"type":"track","event":"Seen","messageId":"{{messageId}}","anonymousId":"{{anonymousId}}","timestamp":"2026-11-21T10:0{{minute}}:00Z"}""";

    private static string Identify(string messageId, int minute, string userId, string anonymousId) =>
        $$"""{"type":"identify","messageId":"{{messageId}}","userId":"{{userId}}","anonymousId":"{{anonymousId}}","timestamp":"2026-11-21T10:0{{minute}}:00Z"}""";

    private static Task<JsonElement> Collect(ProfilesHost host, string message) =>
        Send(host, $$"""{"batch":[{{message}}]}""", ProfilesHost.CollectKey);

    private static async Task<JsonElement> Send(ProfilesHost host, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch?wait=applied");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement answer = ProfilesHost.Parse(text);
        Assert.True(answer.GetProperty("applied").GetBoolean(), text);
        return answer;
    }

    private static string Line(JsonElement entry) =>
        $"{Text(entry, "kind")} {Text(entry, "messageId")} "
        + string.Join(',', entry.GetProperty("identifiers").EnumerateArray().Select(one => one.GetString()));

    private static IEnumerable<string> Outcomes(JsonElement receipt) =>
        receipt
            .GetProperty("identifiers")
            .EnumerateArray()
            .Select(one =>
                $"{Text(one, "type")}:{(one.TryGetProperty("value", out _) ? Text(one, "value") : "")} "
                + $"{Text(one, "outcome")} {(one.TryGetProperty("because", out _) ? Text(one, "because") : "")}"
            );

    private static string Text(JsonElement owner, string member) => owner.GetProperty(member).GetString()!;
}
