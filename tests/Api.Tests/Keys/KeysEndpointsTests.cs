using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;
using Customer360.Rules.Audit;

namespace Customer360.Api.Tests.Keys;

/// <summary>Keys that the grid keeps, from their making to their end.</summary>
public sealed class KeysEndpointsTests
{
    private const string Admin = ProfilesHost.AdminKey;

    [Fact]
    public async Task Create_OfAKey_ShowsItOnceAndItOpensWhatItsRolesDo()
    {
        await using KeysHost host = await KeysHost.Start();

        HttpResponseMessage response = await host.Send(
            "POST",
            "/v1/keys",
            Admin,
            """{"name":"crm","roles":["collect"]}"""
        );
        JsonElement made = await KeysHost.Json(response, HttpStatusCode.Created);

        string key = made.GetProperty("key").GetString()!;
        Assert.Matches("^c360_collect_[0-9A-Za-z]{44}$", key);
        Assert.Equal("/v1/keys/crm", response.Headers.Location!.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal((200, 403), (await host.Collect(key), await host.Read(key)));
        Assert.Equal(403, (int)(await host.Send("GET", "/v1/keys", key)).StatusCode);
        string list = await (await host.Send("GET", "/v1/keys", Admin)).Content.ReadAsStringAsync();
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);
        Assert.DoesNotContain("digest", list, StringComparison.Ordinal);
        AuditEntry entry = Assert.Single(host.Audit.Entries);
        Assert.Equal(
            ("key.created", "crm", "key", "operator"),
            (entry.Action, entry.ObjectId, entry.Actor.Kind, entry.Actor.Name)
        );
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), entry.RequestId);
    }

    [Fact]
    public async Task Key_InEveryPlaceThatAKeyMayHave_IsFound()
    {
        await using KeysHost host = await KeysHost.Start();
        string key = await host.Make("page", "collect");

        HttpResponseMessage inBody = await host.Send(
            "POST",
            "/v1/track",
            null,
            $$"""{"event":"e","userId":"u","writeKey":"{{key}}"}"""
        );
        using var basic = new HttpRequestMessage(HttpMethod.Post, "/v1/track");
        basic.Headers.Add("Authorization", $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(key + ":"))}");
        basic.Content = new StringContent("""{"event":"e","userId":"u"}""");

        Assert.Equal(200, (int)inBody.StatusCode);
        Assert.Equal(200, (int)(await host.Http.SendAsync(basic)).StatusCode);
        Assert.Equal(200, (int)(await host.Send("GET", $"/v1/projects/{key}/settings", null)).StatusCode);
    }

    /// <summary>Nothing of what is wrong with a key is told: each is answered with the same words, before and after it was one.</summary>
    [Fact]
    public async Task Key_ThatIsWrongInAnyWay_IsAnsweredAlike()
    {
        await using KeysHost host = await KeysHost.Start();
        string key = await host.Make("desk", "read");
        string revoked = await host.Make("gone", "read");
        string elsewhere = await host.Make("bound", "read", ""","addresses":["203.0.113.7"]""");
        string page = await host.Make("page", "read", ""","origins":["https://shop.example.com"]""");
        await host.Send("DELETE", "/v1/keys/gone", Admin);
        string otherSecret = key[..^20] + (await host.Make("other", "read"))[^20..];
        HashSet<string> answers = [];
        foreach (
            string wrong in (string[])
                [
                    revoked,
                    elsewhere,
                    page,
                    otherSecret,
                    key[..^1],
                    key + "0",
                    key[..30],
                    "c360_read_",
                    "c360_",
                    "nonsense",
                    "'; drop table keys; --",
                ]
        )
        {
            foreach (string path in (string[])["/v1/profiles/user_id:u", "/v1/accounts/acme"])
            {
                HttpResponseMessage response = await host.Send("GET", path, wrong);
                Assert.True((int)response.StatusCode == 401, $"{wrong} was answered {(int)response.StatusCode}.");
                JsonElement problem = await KeysHost.Json(response, HttpStatusCode.Unauthorized);
                answers.Add(problem.GetProperty("code").GetString() + problem.GetProperty("detail").GetString());
            }
        }

        Assert.Equal("key_unknownThe key is not known.", Assert.Single(answers));
        Assert.Equal(404, await host.Read(key));
    }

    [Fact]
    public async Task Key_BoundToAPageAndAnAddress_CountsThere()
    {
        await using KeysHost host = await KeysHost.Start();
        string key = await host.Make(
            "shop",
            "collect",
            ""","origins":["https://shop.example.com"],"addresses":["127.0.0.0/8","::1"]"""
        );

        Assert.Equal(200, await host.Collect(key, ("Origin", "https://shop.example.com")));
        Assert.Equal(401, await host.Collect(key, ("Origin", "https://shop.example.com.evil.net")));
        Assert.Equal(401, await host.Collect(key, ("Origin", "http://shop.example.com")));
        Assert.Equal(401, await host.Collect(key));
    }

    [Fact]
    public async Task Revoke_OfAKey_CountsAtOnce()
    {
        await using KeysHost host = await KeysHost.Start();
        string key = await host.Make("desk", "read");
        Assert.Equal(404, await host.Read(key));

        HttpResponseMessage gone = await host.Send("DELETE", "/v1/keys/desk", Admin);

        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(401, await host.Read(key));
        await (await host.Send("DELETE", "/v1/keys/desk", Admin)).AssertProblemAsync(404, "not_found");
        Assert.Equal(["key.created", "key.revoked"], host.Audit.Entries.Select(one => one.Action));
    }

    [Fact]
    public async Task Rotate_WithAnOverlap_LeavesBothSecretsAndWithoutOneOnlyTheNew()
    {
        await using KeysHost host = await KeysHost.Start();
        string first = await host.Make("desk", "read");

        JsonElement rotated = await KeysHost.Json(
            await host.Send("POST", "/v1/keys/desk:rotate", Admin),
            HttpStatusCode.OK
        );
        string second = rotated.GetProperty("key").GetString()!;
        Assert.Equal((404, 404), (await host.Read(first), await host.Read(second)));
        Assert.Equal(2, rotated.GetProperty("secrets").GetArrayLength());

        JsonElement alone = await KeysHost.Json(
            await host.Send("POST", "/v1/keys/desk:rotate", Admin, """{"overlapSeconds":0}"""),
            HttpStatusCode.OK
        );
        string third = alone.GetProperty("key").GetString()!;

        Assert.Equal((401, 401, 404), (await host.Read(first), await host.Read(second), await host.Read(third)));
        await (await host.Send("POST", "/v1/keys/nobody:rotate", Admin)).AssertProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Use_OfAKey_ShowsAsADayInTheList()
    {
        await using KeysHost host = await KeysHost.Start();
        string key = await host.Make("desk", "read");
        string? day = null;

        await host.Read(key);
        for (int asked = 0; day is null && asked < 200; asked++)
        {
            JsonElement list = await KeysHost.Json(await host.Send("GET", "/v1/keys", Admin), HttpStatusCode.OK);
            day = list.GetProperty("keys")[0].GetProperty("lastUsedOn").GetString();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", day);
    }

    [Fact]
    public async Task List_OfMoreThanAPage_GoesOnWithItsCursor()
    {
        await using KeysHost host = await KeysHost.Start();
        foreach (string name in (string[])["c", "A", "b", "d", "E"])
        {
            await host.Make(name, "read");
        }

        List<string> names = [];
        string? next = "";
        while (next is not null)
        {
            JsonElement page = await KeysHost.Json(
                await host.Send("GET", $"/v1/keys?limit=2{(next.Length > 0 ? $"&cursor={next}" : "")}", Admin),
                HttpStatusCode.OK
            );
            Assert.InRange(page.GetProperty("keys").GetArrayLength(), 1, 2);
            names.AddRange(
                page.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("name").GetString()!)
            );
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(["A", "b", "c", "d", "E"], names);
        await (await host.Send("GET", "/v1/keys?limit=201", Admin)).AssertProblemAsync(400, "invalid_parameter");
        await (await host.Send("GET", "/v1/keys?cursor=%27--", Admin)).AssertProblemAsync(400, "invalid_parameter");
    }

    [Theory]
    [InlineData("invalid_parameter", """{"roles":["read"]}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":[]}""")]
    [InlineData("invalid_parameter", """{"name":"a\nkey.revoked","roles":["read"]}""")]
    [InlineData("invalid_parameter", """{"name":"token:ann","roles":["read"]}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":["Read!"]}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":"read"}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":["read"],"expiresAt":"2020-01-01T00:00:00Z"}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":["read"],"addresses":["localhost"]}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":["read"],"origins":["*"]}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":["read"],"sources":["a","b"]}""")]
    [InlineData("invalid_parameter", """{"name":"a","roles":["read"],"requestsPerMinute":-1}""")]
    [InlineData("invalid_json", """{"name":"a","roles":["read"],"secrets":[]}""")]
    [InlineData("invalid_json", """{"name":"a","roles":["read"],"roles":["admin"]}""")]
    [InlineData("invalid_json", """[]""")]
    public async Task Create_OfWhatCanNotBe_SaysWhichPart(string code, string body)
    {
        await using ProfilesHost host = await ProfilesHost.Start(new ProfilesWorld());

        (int status, JsonElement problem) = await host.PostJson("/v1/keys", Admin, body);

        Assert.Equal((400, code), (status, problem.GetProperty("code").GetString()));
        Assert.DoesNotContain("revoked", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("desk")]
    [InlineData("DESK")]
    [InlineData("operator")]
    public async Task Create_OfANameThatIsTaken_IsAConflict(string name)
    {
        await using KeysHost host = await KeysHost.Start();
        await host.Make("desk", "read");

        HttpResponseMessage again = await host.Send(
            "POST",
            "/v1/keys",
            Admin,
            $$"""{"name":"{{name}}","roles":["read"]}"""
        );

        await again.AssertProblemAsync(409, "key_name_taken");
        Assert.Null(again.Headers.Location);
    }

    [Fact]
    public async Task Messages_OfAKeyWithASource_HaveThatSource()
    {
        await using KeysHost host = await KeysHost.Start();
        string key = await host.Make("crm-2026", "collect", ""","sources":["crm"],"trust":"server" """);

        await host.Send(
            "POST",
            "/v1/identify?wait=applied",
            key,
            """{"userId":"jane","traits":{"plan":"pro"},"messageId":"m1"}"""
        );

        JsonElement profile = await KeysHost.Json(
            await host.Send("GET", "/v1/profiles/user_id:jane?verbose=true", ProfilesHost.ReadKey),
            HttpStatusCode.OK
        );
        Assert.Contains("\"source\":\"crm\"", profile.GetRawText(), StringComparison.Ordinal);
    }
}
