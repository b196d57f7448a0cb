using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Api.Access;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Access;

/// <summary>
/// Ways in which other systems have told what they withheld. The numbers are those of a list of public reports: filters and sorting
/// (1 to 4), names (5), counts (7), error texts (8), what stands beside a profile (9), batches (10), cursors (11), entity tags (12),
/// identifiers (14), masks (15), writing (16), files and logs (17), purposes (19), other methods (20).
/// </summary>
public sealed class HoleTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private const string Jane = "/v1/profiles/user_id:u-jane";
    private const string Segment = "/v1/spaces/main/collections/users/profiles/user_id:u-jane";
    private const string Web = AccessWorld.Web;

    [Theory]
    [InlineData(Jane + "?ssn=value-of-ssn")]
    [InlineData(Jane + "?filter[ssn]=v")]
    [InlineData(Jane + "?sort=ssn")]
    [InlineData(Jane + "?fields=ssn")]
    [InlineData(Jane + "?include=ssn")]
    [InlineData(Jane + "?traits.ssn=v")]
    [InlineData(Jane + "?Verbose=true")]
    [InlineData(Jane + "/timeline?where=ssn")]
    [InlineData(Jane + "/sessions?order=asc")]
    [InlineData(Jane + "/explain?verbose=true")]
    [InlineData("/v1/accounts/acme?iban=v")]
    [InlineData("/v1/receipts/m-1?include=ssn")]
    [InlineData("/v1/quarantine/identifiers?type=email")]
    [InlineData("/v1/quarantine/messages?reason=x")]
    public async Task Holes1To4_ParametersThatAPathDoesNotHave_AreRefusedAndNotIgnored(string path)
    {
        foreach (string key in (string[])[AccessWorld.KeyOf(Web), ProfilesHost.AdminKey])
        {
            using HttpResponseMessage response = await world.Send(HttpMethod.Get, path, key);
            string body = await response.Content.ReadAsStringAsync();

            Assert.Equal(400, (int)response.StatusCode);
            Assert.Contains("unknown_parameter", body, StringComparison.Ordinal);
            Assert.DoesNotContain("ssn", body, StringComparison.Ordinal);
        }

        using HttpResponseMessage batch = await world.Send(
            HttpMethod.Post,
            "/v1/profiles:batchGet?filter=ssn",
            AccessWorld.KeyOf(Web),
            """{"identifiers":["user_id:u-jane"]}"""
        );
        Assert.Equal(400, (int)batch.StatusCode);
    }

    [Theory]
    [InlineData("traits?include=ssn", "traits?include=nothing")]
    [InlineData("traits?include=SSN,Ssn,traits.ssn,health,health.notes", "traits?include=nothing")]
    [InlineData("traits?include=unlisted", "traits?include=nothing")]
    [InlineData("traits?class=audience&include=ssn", "traits?class=audience&include=nothing")]
    [InlineData("events?include=value-of-ssn", "events?include=nothing")]
    public async Task Hole5_NamesOfWithheldFields_SelectWhatNamesOfNothingSelect(string withheld, string nothing)
    {
        (int status, string body) = await world.Get(Web, $"{Segment}/{withheld}");

        Assert.Equal(200, status);
        Assert.Equal((await world.Get(Web, $"{Segment}/{nothing}")).Body, body);
    }

    [Fact]
    public async Task Hole5_SegmentsClients_MaySendWhatTheyLike()
    {
        (int status, string body) = await world.Get(Web, $"{Segment}/traits?limit=200&foo=bar&ssn=value");

        Assert.Equal(200, status);
        Assert.DoesNotContain("value-of-ssn", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hole7_CountsAndPages_AreOfWhatIsShown()
    {
        List<string> names = [];
        string? next = "";
        while (next is not null)
        {
            JsonElement page = await world.Shown(Web, $"{Segment}/traits?limit=1&next={next}");
            names.AddRange(page.GetProperty("traits").EnumerateObject().Select(one => one.Name));
            JsonElement cursor = page.GetProperty("cursor");
            next = cursor.GetProperty("has_more").GetBoolean() ? cursor.GetProperty("next").GetString() : null;
        }

        Assert.Equal(["address", "birthday", "contacts", "email", "phone", "plan"], names);
        JsonElement profile = await world.Shown(Web, Jane);
        Assert.False(profile.TryGetProperty("version", out _));
        JsonElement account = await world.Shown(Web, "/v1/accounts/acme");
        Assert.False(account.TryGetProperty("memberCount", out _));
        Assert.False(account.TryGetProperty("version", out _));
        Assert.Equal("value-of-industry", account.GetProperty("traits").GetProperty("industry").GetString());
        Assert.False(account.GetProperty("traits").TryGetProperty("iban", out _));
    }

    [Theory]
    [InlineData("/v1/profiles/email:value-of-email%40example.com")]
    [InlineData("/v1/profiles/secret-type:value-of-email%40example.com")]
    [InlineData("/v1/profiles/email:value-of-email%40example.com?purpose=value-of-email%40example.com")]
    [InlineData("/v1/profiles/email:value-of-email%40example.com/timeline?cursor=value-of-email%40example.com")]
    [InlineData("/v1/profiles/value-of-email%40example.com")]
    public async Task Hole8_ErrorTexts_RepeatNoValue(string path)
    {
        (int status, string body) = await world.Get(Web, path);

        Assert.InRange(status, 400, 404);
        Assert.DoesNotContain("value-of", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hole9_WhatStandsBesideTheProfile_IsMaskedAlike()
    {
        string mask = (await world.Shown(Web, Jane)).GetProperty("traits").GetProperty("email").GetString()!;
        Assert.StartsWith("h_", mask, StringComparison.Ordinal);

        foreach (
            string path in (string[])
                [
                    $"{Jane}?verbose=true",
                    $"{Jane}/timeline",
                    $"{Jane}/explain",
                    "/v1/receipts/m-1",
                    "/v1/accounts/acme",
                    $"{Segment}/traits",
                    $"{Segment}/external_ids",
                    $"{Segment}/events",
                ]
        )
        {
            (int status, string body) = await world.Get(Web, path);
            Assert.True(status == 200, $"{path}: {status} {body}");
            Assert.DoesNotContain("value-of-email", body, StringComparison.Ordinal);
            Assert.DoesNotContain("value-of-ssn", body, StringComparison.Ordinal);
            Assert.DoesNotContain("+4930", body, StringComparison.Ordinal);
            Assert.True(
                body.Contains(mask, StringComparison.Ordinal) || path.Contains("accounts", StringComparison.Ordinal),
                $"{path}: {body}"
            );
        }

        JsonElement phone = (await world.Shown(Web, $"{Jane}?verbose=true")).GetProperty("traits").GetProperty("phone");
        Assert.Equal("***5678", phone.GetProperty("value").GetString());
        Assert.Equal(
            "***9999",
            Assert.Single(phone.GetProperty("overruled").EnumerateArray()).GetProperty("value").GetString()
        );
    }

    [Fact]
    public async Task Hole10_OfABatch_AnItemThatIsWithheldIsOneThatIsNotThere()
    {
        using HttpResponseMessage response = await world.Send(
            HttpMethod.Post,
            "/v1/profiles:batchGet",
            AccessWorld.KeyOf(Web),
            """{"identifiers":["email:value-of-email@example.com","email:nobody@example.com","user_id:u-jane"]}"""
        );
        JsonElement[] profiles =
        [
            .. ProfilesHost.Parse(await response.Content.ReadAsStringAsync()).GetProperty("profiles").EnumerateArray(),
        ];

        Assert.Equal(profiles[1].GetProperty("error").GetRawText(), profiles[0].GetProperty("error").GetRawText());
        Assert.Equal("not_found", profiles[0].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Object, profiles[2].GetProperty("profile").ValueKind);
    }

    [Fact]
    public async Task Hole11_ACursor_IsItsReadersOwnAndHoldsNoValue()
    {
        string path = $"{Jane}/timeline";
        string own = (await world.Shown(Web, $"{path}?limit=1")).GetProperty("next").GetString()!;
        using HttpResponseMessage admins = await world.Send(HttpMethod.Get, $"{path}?limit=1", ProfilesHost.AdminKey);
        string stronger = ProfilesHost.Parse(await admins.Content.ReadAsStringAsync()).GetProperty("next").GetString()!;

        Assert.Equal(200, (await world.Get(Web, $"{path}?cursor={own}")).Status);
        Assert.Equal(400, (await world.Get(Web, $"{path}?cursor={stronger}")).Status);
        Assert.Equal(
            400,
            (
                await world.Get(Web, $"{path}?cursor={stronger[..stronger.IndexOf('.', StringComparison.Ordinal)]}")
            ).Status
        );
        using HttpResponseMessage weaker = await world.Send(
            HttpMethod.Get,
            $"{path}?cursor={own}",
            ProfilesHost.AdminKey
        );
        Assert.Equal(400, (int)weaker.StatusCode);

        // Of another purpose of the same key it is none either.
        using HttpResponseMessage first = await world.Send(
            HttpMethod.Get,
            $"{path}?limit=1&purpose=personalization",
            ProfilesHost.ReadKey
        );
        string forPurpose = ProfilesHost
            .Parse(await first.Content.ReadAsStringAsync())
            .GetProperty("next")
            .GetString()!;
        using HttpResponseMessage without = await world.Send(
            HttpMethod.Get,
            $"{path}?cursor={forPurpose}",
            ProfilesHost.ReadKey
        );
        Assert.Equal(400, (int)without.StatusCode);
    }

    [Fact]
    public async Task Hole11_ACursorOfMembers_DoesNotNameTheMemberThatIsMasked()
    {
        string batch = string.Join(
            ',',
            Enumerable
                .Range(0, 3)
                .Select(index =>
                    $$"""{"type":"group","groupId":"members","userId":"u-m{{index}}","context":{"traits":{"email":"member{{index}}@example.com"} } }"""
                )
        );
        await world.Host.Collect($$"""{"batch":[{{batch}}]}""");
        const string Path = "/v1/accounts/members?limit=1";
        List<string> members = [];
        string? next = null;
        for (int page = 0; page < 10; page++)
        {
            (int status, string body) = await world.Get(Web, next is null ? Path : $"{Path}&cursor={next}");
            Assert.Equal(200, status);
            Assert.DoesNotContain(
                "member",
                body.Replace("\"members\"", "", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
            JsonElement account = ProfilesHost.Parse(body);
            members.AddRange(
                account.GetProperty("members").EnumerateArray().Select(one => one.GetProperty("value").GetString()!)
            );
            next = account.GetProperty("next").GetString();
            if (next is null)
            {
                break;
            }

            Assert.DoesNotContain(
                "member",
                Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(next)),
                StringComparison.Ordinal
            );
            using HttpResponseMessage others = await world.Send(
                HttpMethod.Get,
                $"{Path}&cursor={next}",
                ProfilesHost.ReadKey
            );
            Assert.Equal(400, (int)others.StatusCode);
            char changed = next[^1] == 'A' ? 'B' : 'A';
            Assert.Equal(400, (await world.Get(Web, $"{Path}&cursor={next[..^2]}{changed}{changed}")).Status);
        }

        Assert.Null(next);
        Assert.Equal(
            ["u-m0", "u-m1", "u-m2"],
            members.Where(value => value.StartsWith("u-", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Hole12_AnEntityTag_ChangesWithWhatIsShownAndConfirmsNothingElse()
    {
        await world.Host.Collect(
            """{"batch":[{"type":"identify","userId":"u-tag","traits":{"plan":"a","ssn":"1"}}]}"""
        );
        const string Path = "/v1/profiles/user_id:u-tag";
        const string Desk = $"{Path}?purpose=support";
        string web = await Tag(Path, Web);
        string reader = await Tag(Path, null);

        await world.Host.Collect("""{"batch":[{"type":"identify","userId":"u-tag","traits":{"ssn":"2"}}]}""");

        // The person's activity is shown to the one and not to the other, whom nothing tells that there was any.
        Assert.NotEqual(reader, await Tag(Path, null));
        using HttpResponseMessage foreign = await world.Send(HttpMethod.Get, Path, AccessWorld.KeyOf(Web), tag: reader);
        Assert.Equal(HttpStatusCode.OK, foreign.StatusCode);
        string masked = await Tag($"/v1/profiles/user_id:u-john", Web);
        await world.Host.Collect("""{"batch":[{"type":"identify","userId":"u-tag","traits":{"ssn":"3"}}]}""");
        Assert.Equal(masked, await Tag($"/v1/profiles/user_id:u-john", Web));
        using HttpResponseMessage known = await world.Send(HttpMethod.Get, Desk, AccessWorld.KeyOf(AccessWorld.Desk));
        Assert.Equal("Authorization", Assert.Single(known.Headers.Vary));
        Assert.NotEqual(web, known.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Hole12_AnEntityTag_WhenOnlyWhatIsHiddenChanges_StaysWhatItWas()
    {
        AccessPolicy policy = Read(
            AccessWorld.Policy.Replace("sees: [accounts, activity, companies]", "sees: []", StringComparison.Ordinal)
        );
        var people = new ProfilesWorld();
        people.AddUser(ProfilesWorld.Jane, "user_id", "u-1", """{"plan":"pro","ssn":"1"}""");
        await using ProfilesHost host = await Start(people, policy);
        string before = await TagOf(host);

        people.Add(
            ProfilesWorld.Jane,
            """{"type":"identify","userId":"u-1","traits":{"ssn":"2"}}""",
            ProfilesWorld.Now
        );

        Assert.Equal(before, await TagOf(host));
        people.Add(
            ProfilesWorld.Jane,
            """{"type":"identify","userId":"u-1","traits":{"plan":"free"}}""",
            ProfilesWorld.Now
        );
        Assert.NotEqual(before, await TagOf(host));
    }

    /// <summary>Body, status and the grains that are asked: nothing differs.</summary>
    [Theory]
    [InlineData("/v1/profiles/{0}")]
    [InlineData("/v1/profiles/{0}?verbose=true")]
    [InlineData("/v1/profiles/{0}/timeline")]
    [InlineData("/v1/profiles/{0}/sessions")]
    [InlineData("/v1/profiles/{0}/explain")]
    [InlineData("/v1/spaces/s/collections/users/profiles/{0}/traits")]
    [InlineData("/v1/spaces/s/collections/users/profiles/{0}/external_ids")]
    [InlineData("/v1/spaces/s/collections/users/profiles/{0}/events")]
    [InlineData("/v1/spaces/s/collections/users/profiles/{0}/metadata")]
    [InlineData("/v1/spaces/s/collections/users/profiles/{0}/links")]
    public async Task Hole14_LookUpByWhatIsNotShown_FindsNobodyWhoeverThereIs(string path)
    {
        var people = new ProfilesWorld();
        people.AddUser(ProfilesWorld.Jane, "email", "jane@example.com");
        people.Publish(ProfilesWorld.Jane);
        await using ProfilesHost host = await Start(people, Read(AccessWorld.Policy));

        List<(int Status, string Body, string Calls)> answers = [];
        foreach (string email in (string[])["jane@example.com", "john@example.com"])
        {
            people.Calls.Clear();
            using HttpResponseMessage response = await host.Client.GetAsync(
                string.Format(
                    System.Globalization.CultureInfo.InvariantCulture,
                    path,
                    $"email:{Uri.EscapeDataString(email)}"
                )
            );
            string body = await response.Content.ReadAsStringAsync();
            answers.Add(
                (
                    (int)response.StatusCode,
                    WithoutRequestId(body),
                    // The numbers of partitions are asked for by a timer beside the requests.
                    string.Join(' ', people.Calls.Where(call => !call.EndsWith("/GetStatus", StringComparison.Ordinal)))
                        .Replace(email, "x", StringComparison.Ordinal)
                )
            );
        }

        Assert.Equal(404, answers[0].Status);
        Assert.Equal(answers[1], answers[0]);
        Assert.Equal("IIdentifierGrain/email:x/FindOwner", answers[0].Calls);
    }

    /// <summary>Each request has an id of its own, which says nothing about anybody; Segment's shapes have it in a header.</summary>
    private static string WithoutRequestId(string body)
    {
        JsonObject problem = JsonNode.Parse(body)!.AsObject();
        problem.Remove("requestId");
        return problem.ToJsonString();
    }

    [Fact]
    public async Task Hole15_AMask_IsInsideOfListsAndObjectsAndIsNoPlainHash()
    {
        JsonElement traits = (await world.Shown(Web, Jane)).GetProperty("traits");

        Assert.StartsWith(
            "h_",
            traits.GetProperty("address").GetProperty("street").GetString(),
            StringComparison.Ordinal
        );
        Assert.StartsWith("h_", traits.GetProperty("contacts")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("1984", traits.GetProperty("birthday").GetString());
        string hash = traits.GetProperty("email").GetString()!;
        byte[] plain = System.Security.Cryptography.SHA256.HashData(
            Encoding.UTF8.GetBytes("value-of-email@example.com")
        );
        Assert.DoesNotContain(System.Buffers.Text.Base64Url.EncodeToString(plain)[..8], hash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hole16_WhatASenderNamesLikeTheProfilesOwnParts_IsATraitOrNothing()
    {
        await world.Host.Collect(
            """
            {"batch":[{"type":"identify","userId":"u-mass","customerId":"c_x","version":99,"lifecycle":{"stage":"customer"},
              "consent":{"ads":"granted"},"audiences":["vip"],"traits":{"customerId":"c_x","consent":{"ads":"granted"},"version":99}}]}
            """
        );
        JsonElement profile = await world.Host.GetJson("/v1/profiles/user_id:u-mass");

        Assert.StartsWith("c_0", profile.GetProperty("customerId").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(99, profile.GetProperty("version").GetInt32());
        Assert.Empty(profile.GetProperty("audiences").EnumerateArray());
        Assert.False(profile.GetProperty("lifecycle").TryGetProperty("stage", out _));
        Assert.Equal(403, (await world.Get(AccessWorld.Shop, "/v1/profiles/user_id:u-mass?purpose=support")).Status);
        // Who may send and not read is not told what was sent.
        Assert.Equal(403, (await Status("/v1/profiles/user_id:u-mass", ProfilesHost.CollectKey)));
    }

    [Fact]
    public void Hole17_TheKeyOfMasks_IsMadeOnceForItsOwnerAlone()
    {
        string folder = Directory.CreateTempSubdirectory("c360-mask-").FullName;
        try
        {
            byte[] made = MaskKeyFile.Of(new AccessOptions(), folder).Derive("test");

            string file = Path.Combine(folder, MaskKeyFile.FileName);
            Assert.Equal(made, MaskKeyFile.Of(new AccessOptions(), folder).Derive("test"));
            Assert.NotEqual(
                made,
                MaskKeyFile.Of(new AccessOptions { MaskKey = new string('k', 32) }, folder).Derive("test")
            );
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            Assert.NotNull(new AccessOptions { MaskKey = new string('k', 31) }.Problem());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("purpose=support&purpose=support", 400)]
    [InlineData("purpose=support&purpose=analytics", 400)]
    [InlineData("purpose=support&Purpose=support", 400)]
    [InlineData("purpose=", 400)]
    [InlineData("purpose", 400)]
    [InlineData("Purpose=support", 400)]
    [InlineData("PURPOSE=support", 400)]
    [InlineData("purpose=Support", 400)]
    [InlineData("purpose=%20support", 400)]
    [InlineData("purpose=nonsense", 400)]
    [InlineData("", 400)]
    [InlineData("purpose=personalization", 403)]
    [InlineData("purpose=support", 200)]
    [InlineData("purpose=analytics", 200)]
    public async Task Hole19_ThePurpose_IsStatedOnceAndAsItIsWritten(string query, int status)
    {
        foreach (string path in (string[])[Jane, $"{Jane}/sessions", $"{Segment}/traits", "/v1/accounts/acme"])
        {
            (int answered, string body) = await world.Get(AccessWorld.Desk, $"{path}?{query}");
            Assert.True(answered == status, $"{path}?{query}: {answered} {body}");
        }

        using HttpResponseMessage batch = await world.Send(
            HttpMethod.Post,
            $"/v1/profiles:batchGet?{query}",
            AccessWorld.KeyOf(AccessWorld.Desk),
            """{"identifiers":["user_id:u-jane"]}"""
        );
        Assert.Equal(status, (int)batch.StatusCode);
        // A key that is for one purpose need not state it, and is for no other.
        Assert.Equal(200, await Status(Jane, "key-of-fixed"));
        Assert.Equal(403, await Status($"{Jane}?purpose=analytics", "key-of-fixed"));
    }

    [Fact]
    public async Task Hole20_OtherMethodsAndRanges_TellNoMore()
    {
        using HttpResponseMessage get = await world.Send(HttpMethod.Get, Jane, AccessWorld.KeyOf(Web));
        using HttpResponseMessage head = await world.Send(HttpMethod.Head, Jane, AccessWorld.KeyOf(Web));
        using HttpResponseMessage withheld = await world.Send(
            HttpMethod.Head,
            "/v1/profiles/email:value-of-email%40example.com",
            AccessWorld.KeyOf(Web)
        );
        using var ranged = new HttpRequestMessage(HttpMethod.Get, Jane);
        ranged.Headers.Authorization = new("Bearer", AccessWorld.KeyOf(Web));
        ranged.Headers.Range = new(0, 10);
        using HttpResponseMessage part = await world.Host.Client.SendAsync(ranged);
        using HttpResponseMessage options = await world.Send(HttpMethod.Options, Jane, AccessWorld.KeyOf(Web));

        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsStringAsync());
        Assert.Equal(404, (int)withheld.StatusCode);
        Assert.Equal(200, (int)part.StatusCode);
        Assert.Equal(await get.Content.ReadAsStringAsync(), await part.Content.ReadAsStringAsync());
        Assert.Equal(405, (int)options.StatusCode);
    }

    [Fact]
    public async Task Consent_ThatIsMissing_LeavesNothingButTheCustomersId()
    {
        foreach (string query in (string[])["", "?verbose=true"])
        {
            JsonElement profile = await world.Shown(AccessWorld.Shop, Jane + query);
            Assert.False(profile.TryGetProperty("traits", out _));
            Assert.False(profile.TryGetProperty("identifiers", out _));
            Assert.False(profile.TryGetProperty("lifecycle", out _));
        }

        JsonElement access = (await world.Shown(AccessWorld.Shop, Jane + "?verbose=true")).GetProperty("access");
        Assert.Contains(
            access.GetProperty("withheld").EnumerateArray(),
            one =>
                one.TryGetProperty("field", out JsonElement field)
                && field.GetString() == "*"
                && one.GetProperty("because").GetString() == "consent"
        );
        Assert.Empty((await world.Shown(AccessWorld.Shop, $"{Jane}/timeline")).GetProperty("events").EnumerateArray());
        Assert.Empty((await world.Shown(AccessWorld.Shop, $"{Jane}/explain")).GetProperty("history").EnumerateArray());
        Assert.Empty(
            (await world.Shown(AccessWorld.Shop, "/v1/accounts/acme")).GetProperty("members").EnumerateArray()
        );
        Assert.Equal(404, (await world.Get(AccessWorld.Shop, "/v1/receipts/m-1")).Status);
    }

    [Fact]
    public async Task Consent_ThatIsGivenAndTakenBack_OpensAndClosesEachPath()
    {
        const string Path = "/v1/profiles/user_id:u-consent";
        const string Secret = "value-of-consented@example.com";
        await Say(granted: true);
        foreach (string path in (string[])[Path, $"{Path}?verbose=true", $"{Path}/timeline", $"{Path}/explain"])
        {
            Assert.Contains(Secret, (await world.Get(AccessWorld.Shop, path)).Body, StringComparison.Ordinal);
        }

        // A key that may read everything is asked for the consent as soon as it says what for.
        Assert.Contains(Secret, await Body($"{Path}?purpose=personalization"), StringComparison.Ordinal);
        await Say(granted: false);

        foreach (string path in (string[])[Path, $"{Path}?verbose=true", $"{Path}/timeline", $"{Path}/explain"])
        {
            (int status, string body) = await world.Get(AccessWorld.Shop, path);
            Assert.Equal(200, status);
            Assert.DoesNotContain(Secret, body, StringComparison.Ordinal);
        }

        Assert.Contains(Secret, await Body(Path), StringComparison.Ordinal);
        Assert.Contains(
            "denied",
            (await world.Get(AccessWorld.Shop, $"{Path}/consent")).Body,
            StringComparison.Ordinal
        );

        Task Say(bool granted) =>
            world.Host.Collect(
                """
                {"batch":[{"type":"identify","userId":"u-consent","traits":{"email":"EMAIL"},
                  "context":{"consent":{"categoryPreferences":{"personalization":SAID} } } } ]}
                """.Replace("EMAIL", Secret, StringComparison.Ordinal).Replace(
                    "SAID",
                    granted ? "true" : "false",
                    StringComparison.Ordinal
                )
            );
    }

    private async Task<string> Body(string path)
    {
        using HttpResponseMessage response = await world.Send(HttpMethod.Get, path, ProfilesHost.ReadKey);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> Tag(string path, string? role)
    {
        using HttpResponseMessage response = await world.Send(
            HttpMethod.Get,
            path,
            role is null ? ProfilesHost.ReadKey : AccessWorld.KeyOf(role)
        );
        return response.Headers.ETag!.Tag;
    }

    private async Task<int> Status(string path, string key)
    {
        using HttpResponseMessage response = await world.Send(HttpMethod.Get, path, key);
        return (int)response.StatusCode;
    }

    private static async Task<string> TagOf(ProfilesHost host)
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/v1/profiles/user_id:u-1");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.ETag!.Tag;
    }

    private static AccessPolicy Read(string yaml)
    {
        PolicyReading<AccessPolicy> reading = PolicyServices.KnownKinds().Read<AccessPolicy>(yaml);
        Assert.True(reading.IsValid, string.Join('\n', reading.Faults));
        return reading.Body!.Base;
    }

    /// <summary>Above fake grains; its client has the role <c>web</c>, without the parts that change with each message.</summary>
    private static Task<ProfilesHost> Start(ProfilesWorld world, AccessPolicy policy)
    {
        AccessRole role = policy.Roles[AccessWorld.Desk];
        AccessPolicy ownRole = policy with
        {
            Roles = policy.Roles.SetItem(
                "own",
                role with
                {
                    Grant = role.Grant with
                    {
                        Read = role.Grant.Read.SetItem(
                            FieldName.Parse("email")!.Value,
                            FieldSight.Masked(FieldMask.Hash)
                        ),
                        Sees = role.Grant.Sees == FieldSets.None ? FieldSets.None : FieldSets.All,
                    },
                    Purposes = ImmutableSortedDictionary<string, AccessGrant>.Empty.Add("support", AccessGrant.Nothing),
                }
            ),
        };
        var key = new ApiKey("own", Roles.None) { RoleNames = ["own"] };
        return ProfilesHost.Start(
            world,
            new(StringComparer.Ordinal) { ["Customer360:Access:MaskKey"] = new string('k', 32) },
            configure: services =>
                services.AddSingleton<IPolicy<AccessPolicy>>(new FixedPolicy<AccessPolicy>(ownRole, "1")),
            keys: new KnownKeys(new ApiKeys([(key, Encoding.ASCII.GetBytes(ProfilesHost.ReadKey))]), Made: null)
        );
    }
}
