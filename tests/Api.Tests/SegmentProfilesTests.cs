using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests;

/// <summary>Segment's Profile API answers in the shapes that Segment documents.</summary>
public sealed class SegmentProfilesTests
{
    private const string User = "/v1/spaces/main/collections/users/profiles/user_id:u-1";
    private const string Account = "/v1/spaces/main/collections/accounts/profiles/group_id:acme.com";

    [Fact]
    public async Task Traits_ByDefault_AreTheFirstTenByName()
    {
        await using ProfilesHost host = await Start();

        JsonElement page = await host.GetJson($"{User}/traits");

        Assert.Equal(["traits", "cursor"], Names(page));
        Assert.Equal(Enumerable.Range(0, 10).Select(index => $"t{index:00}"), Names(page.GetProperty("traits")));
        Assert.Equal(3, page.GetProperty("traits").GetProperty("t03").GetInt32());
        Assert.Equal(
            $$"""{"url":"/v1/spaces/main/collections/users/profiles/customer:{{ProfilesWorld.Jane}}/traits","has_more":true,"next":"t10","limit":10}""",
            page.GetProperty("cursor").GetRawText()
        );
    }

    [Fact]
    public async Task Traits_ByCursor_GoOnUntilTheLast()
    {
        await using ProfilesHost host = await Start();
        JsonElement first = await host.GetJson($"{User}/traits");
        JsonElement cursor = first.GetProperty("cursor");

        JsonElement second = await host.GetJson(
            $"{cursor.GetProperty("url").GetString()}?next={cursor.GetProperty("next").GetString()}"
        );

        Assert.Equal(["t10", "t11"], Names(second.GetProperty("traits")));
        Assert.False(second.GetProperty("cursor").GetProperty("has_more").GetBoolean());
        Assert.Equal(string.Empty, second.GetProperty("cursor").GetProperty("next").GetString());
    }

    [Fact]
    public async Task Traits_WithTheHighestLimit_EqualThoseOfTheProfile()
    {
        await using ProfilesHost host = await Start();
        host.World.Add(
            ProfilesWorld.Jane,
            """{"type":"identify","userId":"u-1","traits":{"t01":"crm","t02":null}}""",
            ProfilesWorld.Now,
            "crm"
        );

        JsonElement page = await host.GetJson($"{User}/traits?limit=200");
        JsonElement profile = await host.GetJson("/v1/profiles/user_id:u-1");

        Assert.Equal(profile.GetProperty("traits").GetRawText(), page.GetProperty("traits").GetRawText());
        Assert.Equal("crm", page.GetProperty("traits").GetProperty("t01").GetString());
        Assert.False(page.GetProperty("traits").TryGetProperty("t02", out _));
    }

    [Fact]
    public async Task Traits_WhenVerbose_SayWhoAndWhen()
    {
        await using ProfilesHost host = await Start();

        JsonElement page = await host.GetJson($"{User}/traits?verbose=true&include=t05");

        Assert.Equal(
            """{"t05":{"value":5,"source_id":"web","updated_at":"2026-11-22T11:00:00Z"}}""",
            page.GetProperty("traits").GetRawText()
        );
    }

    [Theory]
    [InlineData("include=t01,t07,nothing", new[] { "t01", "t07" })]
    [InlineData("include=t01, t07", new[] { "t01", "t07" })]
    [InlineData("class=audience", new string[0])]
    [InlineData("class=computed_trait", new string[0])]
    [InlineData("limit=1", new[] { "t00" })]
    public async Task Traits_WithParameters_AreSelected(string query, string[] names)
    {
        await using ProfilesHost host = await Start();

        JsonElement page = await host.GetJson($"{User}/traits?{query}");

        Assert.Equal(names, Names(page.GetProperty("traits")));
    }

    [Fact]
    public async Task ExternalIds_HaveSegmentsFields()
    {
        await using ProfilesHost host = await Start();

        JsonElement page = await host.GetJson($"{User}/external_ids?include=user_id");

        Assert.Equal(["data", "cursor"], Names(page));
        Assert.Equal(
            """{"source_id":"web","collection":"users","id":"u-1","type":"user_id","created_at":"2026-11-22T11:00:00Z","encoding":"none","first_message_id":"m-000"}""",
            Assert.Single(page.GetProperty("data").EnumerateArray()).GetRawText()
        );
        Assert.Equal(25, page.GetProperty("cursor").GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task ExternalIds_PageByPage_ShowEveryOneOnceAndTellNoneInTheCursor()
    {
        await using ProfilesHost host = await Start();
        var seen = new List<string?>();

        string? next = string.Empty;
        while (next is not null)
        {
            JsonElement page = await host.GetJson($"{User}/external_ids?limit=1&next={next}");
            seen.Add(Assert.Single(page.GetProperty("data").EnumerateArray()).GetProperty("type").GetString());
            JsonElement cursor = page.GetProperty("cursor");
            Assert.DoesNotContain("jane", cursor.GetRawText(), StringComparison.OrdinalIgnoreCase);
            next = cursor.GetProperty("has_more").GetBoolean() ? cursor.GetProperty("next").GetString() : null;
        }

        Assert.Equal(["anonymous_id", "email", "user_id"], seen);
    }

    [Fact]
    public async Task Events_HaveSegmentsFields()
    {
        await using ProfilesHost host = await Start();

        JsonElement page = await host.GetJson($"{User}/events?include=Order Completed&limit=1");

        Assert.Equal(["data", "cursor"], Names(page));
        Assert.Equal(
            """{"external_ids":[{"collection":"users","type":"user_id","id":"u-1","encoding":"none"}],"context":{"library":{"name":"analytics.js"}},"type":"track","message_id":"m-099","source_id":"web","timestamp":"2026-11-22T11:01:39Z","properties":{"total":99},"event":"Order Completed","related":{"users":"ID"}}""".Replace(
                "ID",
                ProfilesWorld.Jane,
                StringComparison.Ordinal
            ),
            page.GetProperty("data")[0].GetRawText()
        );
        Assert.True(page.GetProperty("cursor").GetProperty("has_more").GetBoolean());
    }

    [Theory]
    [InlineData("", "desc", 500)]
    [InlineData("include=Order Completed", "desc", 167)]
    [InlineData("include=Order Completed", "asc", 167)]
    [InlineData("exclude=Order Completed", "asc", 333)]
    [InlineData("include=Order Completed,Page Viewed&exclude=Order Completed", "desc", 332)]
    [InlineData("include=Nothing", "desc", 0)]
    public async Task Events_PageByPage_ShowEveryOneOnceInOrder(string query, string sort, int count)
    {
        await using ProfilesHost host = await Start(events: 499);
        var seen = new List<(string Time, string Id)>();

        string? next = string.Empty;
        while (next is not null)
        {
            JsonElement page = await host.GetJson($"{User}/events?limit=37&sort={sort}&{query}&next={next}");
            seen.AddRange(
                page.GetProperty("data")
                    .EnumerateArray()
                    .Select(one =>
                        (one.GetProperty("timestamp").GetString()!, one.GetProperty("message_id").GetString()!)
                    )
            );
            JsonElement cursor = page.GetProperty("cursor");
            next = cursor.GetProperty("has_more").GetBoolean() ? cursor.GetProperty("next").GetString() : null;
        }

        Assert.Equal(count, seen.Count);
        Assert.Equal(count, seen.Distinct().Count());
        IEnumerable<string> times = seen.Select(one => one.Time);
        Assert.Equal(
            sort == "asc" ? times.Order(StringComparer.Ordinal) : times.OrderDescending(StringComparer.Ordinal),
            times
        );
    }

    [Fact]
    public async Task Events_WhenTheNameIsRare_AnswerInPartsRatherThanSearchForLong()
    {
        await using ProfilesHost host = await Start(events: 2_500);
        host.World.Add(
            ProfilesWorld.Jane,
            """{"type":"track","event":"Rare","messageId":"m-rare","userId":"u-1"}""",
            ProfilesWorld.Now.AddHours(-2)
        );

        JsonElement first = await host.GetJson($"{User}/events?include=Rare");
        JsonElement cursor = first.GetProperty("cursor");
        JsonElement second = await host.GetJson(
            $"{User}/events?include=Rare&next={cursor.GetProperty("next").GetString()}"
        );

        Assert.Empty(first.GetProperty("data").EnumerateArray());
        Assert.Equal(
            "m-rare",
            Assert.Single(second.GetProperty("data").EnumerateArray()).GetProperty("message_id").GetString()
        );
    }

    [Fact]
    public async Task Events_WithoutARange_AreThoseOfTheLastFourteenDays()
    {
        await using ProfilesHost host = await Start(events: 0);
        host.World.Add(
            ProfilesWorld.Jane,
            """{"type":"track","event":"Old","messageId":"m-old","userId":"u-1"}""",
            ProfilesWorld.Now.AddDays(-15)
        );

        JsonElement recent = await host.GetJson($"{User}/events");
        JsonElement all = await host.GetJson($"{User}/events?start=2026-01-01");
        JsonElement old = await host.GetJson($"{User}/events?end=2026-11-20");

        Assert.Equal(["m-identify"], Ids(recent));
        Assert.Equal(["m-identify", "m-old"], Ids(all));
        Assert.Equal(["m-old"], Ids(old));
    }

    [Fact]
    public async Task Metadata_HasTheFirstAndTheLastMessage()
    {
        await using ProfilesHost host = await Start(events: 2);

        JsonElement metadata = await host.GetJson($"{User}/metadata");

        Assert.Equal(
            """{"metadata":{"created_at":"2026-11-22T11:00:00Z","updated_at":"2026-11-22T11:00:01Z","expires_at":null,"first_message_id":"m-000","first_source_id":"web","last_message_id":"m-001","last_source_id":"web"}}""",
            metadata.GetRawText()
        );
    }

    [Fact]
    public async Task Links_OfAUser_AreItsAccounts()
    {
        await using ProfilesHost host = await Start();
        host.World.Add(
            ProfilesWorld.Jane,
            """{"type":"group","userId":"u-1","groupId":"acme.com"}""",
            ProfilesWorld.Now
        );

        JsonElement links = await host.GetJson($"{User}/links");

        Assert.Equal(
            """{"data":[{"to_collection":"accounts","external_ids":[{"source_id":null,"collection":"accounts","id":"acme.com","type":"group_id","created_at":"2026-11-22T12:00:00Z","encoding":"none"}]}]}""",
            links.GetRawText()
        );
    }

    [Fact]
    public async Task Account_HasTraitsAndIdAndLinks()
    {
        await using ProfilesHost host = await Start();

        JsonElement traits = await host.GetJson($"{Account}/traits?limit=1");
        JsonElement ids = await host.GetJson($"{Account}/external_ids");
        JsonElement links = await host.GetJson($"{Account}/links?limit=2");

        Assert.Equal("""{"employees":120}""", traits.GetProperty("traits").GetRawText());
        Assert.Equal("name", traits.GetProperty("cursor").GetProperty("next").GetString());
        Assert.Equal("acme.com", Assert.Single(ids.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(
            ["u-0", "u-1"],
            links
                .GetProperty("data")
                .EnumerateArray()
                .Select(one => one.GetProperty("external_ids")[0].GetProperty("id").GetString())
        );
        Assert.All(
            links.GetProperty("data").EnumerateArray(),
            one => Assert.Equal("users", one.GetProperty("to_collection").GetString())
        );
    }

    [Theory]
    [InlineData("users/profiles/user_id:nobody/traits", 404, "not_found")]
    [InlineData("users/profiles/user_id:nobody/events", 404, "not_found")]
    [InlineData("accounts/profiles/group_id:nobody/traits", 404, "not_found")]
    [InlineData("accounts/profiles/user_id:u-1/traits", 400, "invalid_request_error")]
    [InlineData("accounts/profiles/group_id:acme.com/events", 400, "invalid_request_error")]
    [InlineData("accounts/profiles/group_id:acme.com/metadata", 400, "invalid_request_error")]
    [InlineData("users/profiles/nonsense/traits", 400, "validation_error")]
    [InlineData("users/profiles/emial:x/traits", 400, "invalid_request_error")]
    [InlineData("leads/profiles/user_id:u-1/traits", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/traits?limit=201", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/traits?class=x", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/traits?verbose=x", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/external_ids?limit=101", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/external_ids?next=x", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/events?limit=101", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/events?sort=up", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/events?start=x", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/events?next=x", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/events?next=.", 400, "validation_error")]
    [InlineData("users/profiles/user_id:u-1/links?limit=21", 400, "validation_error")]
    public async Task Get_WhenItCanNotBeAnswered_AnswersInSegmentsShape(string path, int status, string code)
    {
        await using ProfilesHost host = await Start(events: 1);

        using HttpResponseMessage response = await host.Client.GetAsync($"/v1/spaces/main/collections/{path}");

        JsonElement answer = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(["error"], Names(answer));
        Assert.Equal(["code", "message"], Names(answer.GetProperty("error")));
        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEmpty(response.Headers.GetValues("Request-Id"));
        if (status == 404)
        {
            Assert.Equal("Profile was not found.", answer.GetProperty("error").GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Get_WithTheTokenAsUser_IsLetIn()
    {
        await using ProfilesHost host = await Start(events: 1);
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ProfilesHost.ReadKey}:"))
        );

        using HttpResponseMessage response = await host.Client.GetAsync($"{User}/traits");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEmpty(Assert.Single(response.Headers.GetValues("Request-Id")));
    }

    [Fact]
    public async Task Get_WithoutAKey_IsAnAuthenticationError()
    {
        await using ProfilesHost host = await Start(events: 1);
        host.Client.DefaultRequestHeaders.Authorization = null;

        using HttpResponseMessage response = await host.Client.GetAsync($"{User}/traits");

        JsonElement answer = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("authentication_error", answer.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEmpty(response.Headers.GetValues("Request-Id"));
    }

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(one => one.Name)];

    private static string[] Ids(JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("message_id").GetString()!)];

    private static async Task<ProfilesHost> Start(int events = 100)
    {
        var world = new ProfilesWorld();
        DateTimeOffset first = ProfilesWorld.Now.AddHours(-1);
        string traits = string.Join(',', Enumerable.Range(0, 12).Select(index => $"\"t{index:00}\":{index}"));
        for (int index = 0; index < events; index++)
        {
            string name = index % 3 == 0 ? "Order Completed" : "Page Viewed";
            world.Add(
                ProfilesWorld.Jane,
                $$$"""
                {"type":"track","event":"{{{name}}}","messageId":"m-{{{index:000}}}","userId":"u-1",
                 "context":{"library":{"name":"analytics.js"}},"properties":{"total":{{{index}}}}}
                """,
                first.AddSeconds(index)
            );
        }

        world.Add(
            ProfilesWorld.Jane,
            $$$"""
            {"type":"identify","messageId":"m-identify","userId":"u-1","anonymousId":"a-1",
             "traits":{ {{{traits}}} },
             "context":{"externalIds":[{"id":"jane@example.com","type":"email","collection":"users","encoding":"none"}]}}
            """,
            first
        );
        world.Accounts["acme.com"] = ProfilesAccountsTests.Account("acme.com");
        return await ProfilesHost.Start(world);
    }
}
