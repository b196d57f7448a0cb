using System.Net;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;

namespace Customer360.Api.Tests.Profiles;

/// <summary>People by their names, on the program that users run: for who may see them, as they are called now.</summary>
public sealed class FindTests : IAsyncLifetime
{
    private const string Path = "/v1/profiles:find";
    private const string Policy = """
        classes: {public: [plan], internal: [user_id], personal: [firstName], sensitive: [lastName], secret: [name]}
        purposes: [personalization, support]
        roles:
          desk:
            purposes: [support]
            read: {public: allow, internal: allow, personal: allow, sensitive: {mask: hash}}
            sees: [activity]
          blind:
            purposes: [support]
            read: {public: allow, internal: allow, personal: {mask: full}}
          shop:
            purposes: [personalization]
            consent: required
            read: {public: allow, internal: allow, personal: allow}
        owner: {team: privacy, contact: "#privacy"}
        examples:
          - {input: {role: desk, purpose: support, field: name}, expect: {gives: withhold}}
        """;

    private PrivacyHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await PrivacyHost.Start(keys: PrivacyHost.KeysFor("desk", "blind", "shop", "sales"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Find_ByWordsInAnySpellingAndOrder_ShowsWhoIsCalledSo()
    {
        await Name("u-1", "Zoë", "O'Brien", "zoe@example.com");
        await _host.Send("identify", """ "userId":"u-2","traits":{"name":"Zoe Obrecht"} """);

        Assert.Equal(["u-1", "u-2"], await Found("ZOE"));
        Assert.Equal(["u-1"], await Found("obri, zo"));
        Assert.Equal(["u-1"], await Found("O’BRIEN"));
        Assert.Empty(await Found("brien"));
        JsonElement found = Assert.Single((await Answer("zoe o'bri")).GetProperty("profiles").EnumerateArray());
        Assert.Equal("Zoë", found.GetProperty("firstName").GetString());
        Assert.Equal("O'Brien", found.GetProperty("lastName").GetString());
        Assert.Equal("email", found.GetProperty("identifiers")[0].GetProperty("type").GetString());
        Assert.True(found.TryGetProperty("lastSeenAt", out _));
        Assert.Equal(JsonValueKind.Null, (await Answer("zoe o'bri")).GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Find_PageByPage_ShowsEverybodyOnce_AndTheCursorTellsNoName()
    {
        foreach (int number in Enumerable.Range(0, 7))
        {
            await Name($"u-{number}", "Maria", $"Last{number}");
        }

        List<string> found = [];
        string? next = null;
        do
        {
            string more = next is null ? "" : $",\"cursor\":\"{next}\"";
            JsonElement page = await AnswerTo($$"""{"name":"maria","limit":3{{more}}}""");
            found.AddRange(UsersOf(page));
            next = page.GetProperty("next").GetString();
        } while (next is not null);

        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"u-{number}"), found.Order(StringComparer.Ordinal));
        string cursor = (await AnswerTo("""{"name":"maria","limit":3}""")).GetProperty("next").GetString()!;
        Assert.DoesNotContain(
            "maria",
            System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)),
            StringComparison.Ordinal
        );
        // Another's cursor is none.
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await Ask($$"""{"name":"maria","cursor":"{{cursor}}"}""", ProfilesHost.AdminKey)).Status
        );
    }

    [Theory]
    [InlineData("""{"name":""}""", "name_empty")]
    [InlineData("""{"name":"-"}""", "name_empty")]
    [InlineData("""{"name":"a b c d e f g h i"}""", "name_too_long")]
    [InlineData("""{"name":7}""", "invalid_json")]
    [InlineData("""{"names":"jane"}""", "invalid_json")]
    [InlineData("""{"name":"jane","limit":51}""", "invalid_json")]
    [InlineData("""{"name":"jane","cursor":"x"}""", "invalid_parameter")]
    public async Task Find_OfWhatIsNoName_IsRefused_AndNothingOfItIsRepeated(string body, string code)
    {
        (HttpStatusCode status, JsonElement problem) = await Ask(body, ProfilesHost.ReadKey);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.DoesNotContain("jane", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ForWhoDoesNotSeeAName_FindsNobodyByIt()
    {
        await PutPolicy();
        await Name("u-1", "Jane", "Doe");
        await _host.Send("identify", """ "userId":"u-2","traits":{"name":"Jane Roe"} """);

        Assert.Equal(["u-1"], await Found("jane", "desk"));
        Assert.Empty(await Found("doe", "desk"));
        Assert.Empty(await Found("jane doe", "desk"));
        Assert.Empty(await Found("roe", "desk"));
        JsonElement shown = Assert.Single((await Answer("jane", "desk")).GetProperty("profiles").EnumerateArray());
        Assert.DoesNotContain("Doe", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask("""{"name":"jane"}""", PrivacyHost.KeyOf("blind"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask("""{"name":"jane"}""", ProfilesHost.CollectKey)).Status);
        // Of who has not consented nothing is seen, and finding would tell her name.
        Assert.Empty(await Found("jane", "shop"));
    }

    [Fact]
    public async Task Find_OfAnOlderWordOfTheSameSource_FindsNobody()
    {
        await Name("u-1", "Jane", "Doe");
        await Collect(
            """{"messageId":"old","userId":"u-1","timestamp":"2020-01-01T00:00:00Z","traits":{"lastName":"Maiden"}}"""
        );

        Assert.Empty(await Found("maiden"));
        Assert.Equal(["u-1"], await Found("doe"));
    }

    [Fact]
    public async Task Find_AfterAnErasureOrARestriction_FindsNobody()
    {
        await Name("u-1", "Quillona", "Smythe", "q@example.com");
        await Name("u-2", "Bob", "Smythe", "bob@example.com");
        await _host.Begin("""{"type":"restriction","identifiers":["email:bob@example.com"]}""");
        await UntilFound("bob", []);

        Assert.Equal(["u-2"], await Found("bob", key: ProfilesHost.AdminKey));
        Assert.Equal(["u-1"], await Found("smythe"));
        await _host.Erase("email:q@example.com");

        Assert.Empty(await Found("quillona"));
        Assert.Empty(await Found("quillona", key: ProfilesHost.AdminKey));
        await _host.RestartAsync();
        Assert.Empty(await Found("smythe"));
        await _host.StopAsync();
        Assert.Empty(await RawStore.Find(_host.Folder, "quillona"));
        await _host.RestartAsync();
    }

    [Fact]
    public async Task Find_OfWhatAnOfficerHasPutRight_IsForWhoSeesOverruledValues()
    {
        await Name("u-1", "Jane", "Doe", "jane@example.com");

        await _host.WaitFor(
            await _host.Begin(
                """{"type":"rectification","identifiers":["email:jane@example.com"],"traits":{"lastName":"Ulm"}}"""
            ),
            "done"
        );

        Assert.Equal(["u-1"], await Found("ulm", "sales"));
        Assert.Empty(await Found("doe", "sales"));
        Assert.Equal(["u-1"], await Found("doe"));
    }

    [Fact]
    public async Task Find_ByAPerson_IsNotedForEachWhoIsShown_AndWhereNobodyIs()
    {
        await Name("u-1", "Jane", "Doe");
        string customer = (await _host.Profile("user_id:u-1"))!.Value.GetProperty("customerId").GetString()!;

        await Found("jane", key: ProfilesHost.AdminKey);
        await Found("nobody", key: ProfilesHost.AdminKey);

        (_, JsonElement shown) = await _host.Officer(
            HttpMethod.Get,
            $"/v1/audit?object={customer}&action=profile.found&limit=10"
        );
        (_, JsonElement searched) = await _host.Officer(HttpMethod.Get, "/v1/audit?action=profiles.searched&limit=10");
        Assert.Single(shown.GetProperty("entries").EnumerateArray());
        Assert.Single(searched.GetProperty("entries").EnumerateArray());
        Assert.DoesNotContain("nobody", searched.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private async Task PutPolicy()
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/access");
        put.Headers.Authorization = new("Bearer", ProfilesHost.AdminKey);
        put.Content = new StringContent(Policy, System.Text.Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await _host.Client.SendAsync(put);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task Name(string user, string first, string last, string? email = null) =>
        await _host.Send(
            "identify",
            $"\"userId\":\"{user}\",\"traits\":{{\"firstName\":\"{first}\",\"lastName\":\"{last}\""
                + (email is null ? "}" : $",\"email\":\"{email}\"}}")
        );

    private async Task Collect(string message)
    {
        (HttpStatusCode status, _) = await _host.Ask(
            HttpMethod.Post,
            "/v1/identify?wait=applied",
            ProfilesHost.CollectKey,
            message
        );
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private async Task UntilFound(string name, string[] users)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await Found(name)).SequenceEqual(users))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> Ask(string body, string key) =>
        _host.Ask(HttpMethod.Post, Path, key, body);

    private async Task<JsonElement> AnswerTo(string body, string key = ProfilesHost.ReadKey)
    {
        (HttpStatusCode status, JsonElement answer) = await Ask(body, key);
        Assert.True(status == HttpStatusCode.OK, $"{status} {answer}");
        return answer;
    }

    private Task<JsonElement> Answer(string name, string? role = null, string key = ProfilesHost.ReadKey) =>
        AnswerTo(
            JsonSerializer.Serialize(new Dictionary<string, string> { ["name"] = name }),
            role is null ? key : PrivacyHost.KeyOf(role)
        );

    /// <summary>The user ids of who is found, by these.</summary>
    private async Task<string[]> Found(string name, string? role = null, string key = ProfilesHost.ReadKey) =>
        [.. UsersOf(await Answer(name, role, key)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> UsersOf(JsonElement page) =>
        page.GetProperty("profiles")
            .EnumerateArray()
            .Select(one =>
                one.GetProperty("identifiers")
                    .EnumerateArray()
                    .First(identifier => identifier.GetProperty("type").GetString() == "user_id")
                    .GetProperty("value")
                    .GetString()!
            );
}
