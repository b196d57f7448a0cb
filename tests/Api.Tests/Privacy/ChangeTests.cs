using System.Net;
using System.Text.Json;

namespace Customer360.Api.Tests.Privacy;

/// <summary>Objections and rectifications: what a person says about her data, and what is wrong in it.</summary>
public sealed class ChangeTests
{
    private const string Jane = "jane.doe-118@example.com";
    private const string Clerk = "clerk";

    [Fact]
    public async Task Objection_ThatNamesNoPurpose_IsAboutMarketingAndProfiling()
    {
        await using PrivacyHost host = await Start();
        string id = await host.Begin($$"""{"type":"objection","identifiers":["email:{{Jane}}"]}""");
        JsonElement done = await host.WaitFor(id, "done");
        // A device that she comes with later is hers, and what is said on it does not take the objection back.
        await host.Send(
            "track",
            """
            "userId":"jane-user-1","anonymousId":"jane-device-0001","event":"Seen",
            "context":{"consent":{"categoryPreferences":{"ads":true}}}
            """
        );

        (_, JsonElement consent) = await host.Officer(HttpMethod.Get, "/v1/profiles/user_id:jane-user-1/consent");

        string[] denied = ["ads", "email-marketing", "profiling", "sales-contact"];
        Assert.Equal(denied, Texts(done.GetProperty("result").GetProperty("purposes")));
        foreach (JsonProperty purpose in consent.GetProperty("purposes").EnumerateObject())
        {
            Assert.Equal(
                denied.Contains(purpose.Name, StringComparer.Ordinal) ? "denied" : "unknown",
                purpose.Value.GetProperty("status").GetString()
            );
        }

        JsonElement profiling = consent.GetProperty("purposes").GetProperty("profiling");
        Assert.Equal($"objection {id}", profiling.GetProperty("evidence").GetString());
        Assert.Equal(id, profiling.GetProperty("requestId").GetString());
        (_, JsonElement audit) = await host.Officer(HttpMethod.Get, "/v1/audit?action=consent.changed");
        Assert.Equal(1, audit.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Objection_ThatNamesPurposes_IsAboutThese()
    {
        await using PrivacyHost host = await Start();
        string id = await host.Begin(
            $$"""{"type":"objection","identifiers":["email:{{Jane}}"],"purposes":["analytics"]}"""
        );
        await host.WaitFor(id, "done");

        (_, JsonElement consent) = await host.Officer(HttpMethod.Get, "/v1/profiles/user_id:jane-user-1/consent");

        JsonElement purposes = consent.GetProperty("purposes");
        Assert.Equal("denied", purposes.GetProperty("analytics").GetProperty("status").GetString());
        Assert.Equal("unknown", purposes.GetProperty("ads").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("""{"type":"objection","identifiers":["user_id:u"],"purposes":["nonsense"]}""", "unknown_purpose")]
    [InlineData("""{"type":"objection","identifiers":["user_id:u"],"purposes":[]}""", "invalid_json")]
    [InlineData("""{"type":"erasure","identifiers":["user_id:u"],"purposes":["ads"]}""", "invalid_json")]
    [InlineData("""{"type":"erasure","identifiers":["user_id:u"],"traits":{"a":1}}""", "invalid_json")]
    [InlineData("""{"type":"rectification","identifiers":["user_id:u"]}""", "invalid_json")]
    [InlineData("""{"type":"rectification","identifiers":["user_id:u"],"traits":{}}""", "invalid_json")]
    [InlineData("""{"type":"rectification","identifiers":["user_id:u"],"traits":{"":1}}""", "invalid_json")]
    [InlineData("""{"type":"rectification","identifiers":["user_id:u"],"traits":{"a":1,"a":2}}""", "invalid_json")]
    [InlineData(
        """{"type":"rectification","identifiers":["user_id:u"],"traits":{"email":"other@example.com"}}""",
        "trait_identifies"
    )]
    [InlineData(
        """{"type":"rectification","identifiers":["user_id:u"],"traits":{"phone":"+14155550132"}}""",
        "trait_identifies"
    )]
    public async Task Begin_OfWhatIsNotPossible_SaysWhy(string body, string code)
    {
        await using PrivacyHost host = await PrivacyHost.Start();

        (HttpStatusCode status, JsonElement problem) = await host.Officer(
            HttpMethod.Post,
            "/v1/privacy/requests",
            body
        );

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Rectification_PutsAValueRight_AlsoForWhoFoldsTheLogAgain()
    {
        await using PrivacyHost host = await Start();
        string id = await host.Begin(
            $$"""{"type":"rectification","identifiers":["email:{{Jane}}"],"traits":{"name":"Jane Roe","fax":null,"plan":"pro"} }"""
        );
        JsonElement done = await host.WaitFor(id, "done");

        JsonElement traits = (await host.Profile("user_id:jane-user-1"))!.Value.GetProperty("traits");
        Assert.Equal("Jane Roe", traits.GetProperty("name").GetString());
        Assert.Equal("pro", traits.GetProperty("plan").GetString());
        Assert.False(traits.TryGetProperty("fax", out _));
        Assert.Equal(
            ["fax \"555\" null", "name \"Jane Doe-Smythe\" \"Jane Roe\"", "plan null \"pro\""],
            Changes(done).Order(StringComparer.Ordinal)
        );
        Assert.Equal(0, done.GetProperty("identifiers").GetArrayLength());
        await host.RestartAsync();
        traits = (await host.Profile("user_id:jane-user-1"))!.Value.GetProperty("traits");
        Assert.Equal("Jane Roe", traits.GetProperty("name").GetString());
        (_, JsonElement check) = await host.Officer(HttpMethod.Post, "/v1/rebuild:check");
        JsonElement result = await host.WaitForJob(check.GetProperty("id").GetString()!);
        Assert.Equal(0, result.GetProperty("differenceCount").GetInt64());
        (_, JsonElement audit) = await host.Officer(HttpMethod.Get, "/v1/audit?action=privacy.rectified");
        JsonElement record = Assert.Single(audit.GetProperty("entries").EnumerateArray()).GetProperty("record");
        Assert.Equal(["fax", "name", "plan"], Texts(record.GetProperty("fields")));
        Assert.DoesNotContain("Roe", audit.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Of the values of before and after an officer sees what the policy shows her of the person's fields.</summary>
    [Fact]
    public async Task Rectification_ForAnOfficerWhoDoesNotSeeTheField_ShowsNoValues()
    {
        await using PrivacyHost host = await Start();
        string id = await host.Begin(
            $$"""{"type":"rectification","identifiers":["email:{{Jane}}"],"traits":{"name":"Jane Roe","plan":"pro"} }"""
        );
        await host.WaitFor(id, "done");

        (_, JsonElement one) = await host.Ask(HttpMethod.Get, $"/v1/privacy/requests/{id}", PrivacyHost.KeyOf(Clerk));
        (_, JsonElement list) = await host.Ask(HttpMethod.Get, "/v1/privacy/requests", PrivacyHost.KeyOf(Clerk));

        Assert.Equal(["plan null \"pro\""], Changes(one));
        Assert.DoesNotContain("Jane", one.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Jane", list.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_OfWhoWasPutRight_LeavesNoValueInTheOtherRequest()
    {
        await using PrivacyHost host = await Start();
        string id = await host.Begin(
            $$"""{"type":"rectification","identifiers":["email:{{Jane}}"],"traits":{"name":"Jane Roe-Marigold"} }"""
        );
        await host.WaitFor(id, "done");

        await host.Erase($"email:{Jane}");

        Assert.Empty(Changes(await host.WaitFor(id, "done")));
        await host.StopAsync();
        foreach (string value in (string[])[Jane, "Roe-Marigold", "Doe-Smythe"])
        {
            Assert.Empty(await RawStore.Find(host.Folder, value));
        }

        await host.RestartAsync();
    }

    private static async Task<PrivacyHost> Start()
    {
        PrivacyHost host = await PrivacyHost.Start(keys: PrivacyHost.KeysFor(Clerk));
        (HttpStatusCode put, JsonElement answer) = await host.Officer(
            HttpMethod.Put,
            "/v1/policies/access",
            """
            {"classes":{"public":["plan"],"internal":["user_id"],"personal":["email","name"]},"purposes":["legal"],
            "roles":{"clerk":{"purposes":["legal"],"read":{"public":"allow","internal":"allow"},"does":["privacy"]}}}
            """
        );
        Assert.True(put == HttpStatusCode.OK, $"{answer}");
        await host.Send(
            "identify",
            $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}","name":"Jane Doe-Smythe","fax":"555"} """
        );
        return host;
    }

    private static string[] Changes(JsonElement request) =>
        request.TryGetProperty("changes", out JsonElement changes)
            ?
            [
                .. changes
                    .EnumerateArray()
                    .Select(one =>
                        $"{one.GetProperty("trait")} {one.GetProperty("before").GetRawText()} {one.GetProperty("after").GetRawText()}"
                    ),
            ]
            : [];

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];
}
