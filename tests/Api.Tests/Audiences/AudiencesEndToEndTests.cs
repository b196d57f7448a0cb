using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Audiences;

/// <summary>Audiences on the program that users run: a file is put in force, messages come, people enter, and each can be explained.</summary>
public sealed class AudiencesEndToEndTests : IClassFixture<GridHost>
{
    private const string Policy = """
        owner: {team: marketing, contact: marketing@example.com}
        audiences:
          - name: buyers
            purpose: personalization
            if: {event: Order Completed, where: {fact: total, atLeast: 100}, within: 30d, count: {atLeast: 2}}
          - name: germans
            purpose: personalization
            if: {fact: country, equals: DE}
          - name: french
            purpose: personalization
            if: {fact: country, equals: FR}
          - name: german-buyers
            purpose: personalization
            if: {all: [{audience: buyers}, {audience: germans}]}
          - name: dormant
            purpose: personalization
            if: {all: [{event: Order Completed}, {event: Order Completed, within: 90d, count: {equals: 0}}]}
        traits:
          - {name: spent, sum: {event: Order Completed, of: total}}
        decisions:
          - name: hero
            purpose: personalization
            rules:
              - {name: buyers, if: {audience: buyers}, variant: thank-you}
              - {name: others, if: {not: {audience: germans}}, variant: come-to-germany}
            otherwise: standard
        examples:
          - input: {facts: {country: DE}}
            expect: {in: [germans]}
        """;

    private readonly GridHost _host;
    private readonly HttpClient _admin;

    public AudiencesEndToEndTests(GridHost host)
    {
        _host = host;
        _admin = host.CreateClient();
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GridHost.AdminKey);
    }

    [Fact]
    public async Task Audience_FromTheFileToItsMembers_ExplainedAndDecided()
    {
        // Somebody bought before there was an audience.
        await Order("early", "e1", 150);
        await Order("early", "e2", 250);
        await PutPolicy();
        await Order("jane", "j1", 100);
        await Track("jane", "j2", "Order Completed", """{"total":40}""");
        await Identify("jane", "j3", """{"country":"DE","firstName":"Jane"}""");
        await Identify("otto", "o1", """{"country":"DE"}""");

        await Until(async () => (await SizeOf("germans")) == 2);
        Assert.False((await Why("buyers", "jane")).GetProperty("isMember").GetBoolean());
        await Order("jane", "j4", 100);

        // Jane enters with her message, the early one by the backfill.
        await Until(async () => (await SizeOf("buyers")) == 2 && (await SizeOf("german-buyers")) == 1);
        JsonElement why = await Why("buyers", "jane");
        Assert.True(why.GetProperty("isMember").GetBoolean());
        Assert.StartsWith("message:", why.GetProperty("cause").GetString(), StringComparison.Ordinal);
        JsonElement condition = why.GetProperty("if");
        Assert.Equal(2, condition.GetProperty("actual").GetDecimal());
        Assert.Equal(2, condition.GetProperty("wanted")[0].GetDecimal());
        Assert.True(why.GetProperty("changesAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddDays(29));

        (_, JsonElement profile) = await Ask(HttpMethod.Get, "/v1/profiles/user_id:jane");
        Assert.Equal(
            ["buyers", "german-buyers", "germans"],
            profile.GetProperty("audiences").EnumerateArray().Select(one => one.GetString())
        );

        (_, JsonElement overlap) = await Ask(HttpMethod.Get, "/v1/audiences/buyers/overlap/germans");
        Assert.Equal(1, overlap.GetProperty("both").GetInt64());
        Assert.Equal(0.3333, overlap.GetProperty("jaccard").GetDouble());

        // Page by page, everybody once.
        List<string> members = [];
        string? next = null;
        do
        {
            (_, JsonElement page) = await Ask(
                HttpMethod.Get,
                $"/v1/audiences/germans/members?limit=1{(next is null ? "" : $"&cursor={next}")}"
            );
            members.AddRange(
                page.GetProperty("members").EnumerateArray().Select(one => one.GetProperty("customerId").GetString()!)
            );
            next = page.GetProperty("next").GetString();
        } while (next is not null);

        Assert.Equal(2, members.Distinct().Count());
        Assert.Equal(2, members.Count);

        (HttpStatusCode status, JsonElement choice) = await Ask(
            HttpMethod.Post,
            "/v1/decide?explain=true",
            """{"identifier":"user_id:jane","placements":["hero"],"exposure":true}"""
        );
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("thank-you", choice.GetProperty("choices")[0].GetProperty("variant").GetString());
        Assert.Equal("Jane", choice.GetProperty("fields").GetProperty("firstName").GetString());
        Assert.Equal(
            ["buyers", "german-buyers", "germans"],
            choice.GetProperty("audiences").EnumerateArray().Select(one => one.GetString())
        );
        await Until(async () => (await CountOf("jane", "Experience Viewed")) == 1);

        (_, JsonElement stranger) = await Ask(
            HttpMethod.Post,
            "/v1/decide",
            """{"identifier":"user_id:nobody-of-that-name","placements":["hero"],"exposure":true}"""
        );
        Assert.Equal("standard", stranger.GetProperty("choices")[0].GetProperty("variant").GetString());
        Assert.Equal(JsonValueKind.Null, stranger.GetProperty("customerId").ValueKind);

        await Preview();
    }

    /// <summary>That somebody is in an audience says something of her, for a purpose to which she has not said yes.</summary>
    [Fact]
    public async Task Audience_OfAnotherPurpose_IsToldToNoRole_UntilThePersonHasConsented()
    {
        await PutPolicy();
        await Identify("paula", "p1", """{"country":"FR"}""");
        await Until(async () => (await Why("french", "paula")).GetProperty("isMember").GetBoolean());
        string sales = await Key("a-seller", "sales");
        string marketing = await Key("a-marketer", "marketing-automation");
        const string Asked = """{"identifier":"user_id:paula","placements":["hero"],"exposure":true}""";

        (HttpStatusCode status, JsonElement choice) = await Ask(HttpMethod.Post, "/v1/decide", Asked, sales);

        Assert.Equal((HttpStatusCode.OK, 0), (status, choice.GetProperty("audiences").GetArrayLength()));
        Assert.Equal("standard", choice.GetProperty("choices")[0].GetProperty("variant").GetString());
        Assert.Equal(0, await CountOf("paula", "Experience Viewed"));
        Assert.DoesNotContain(await CustomerOf("paula"), await Members(marketing), StringComparison.Ordinal);

        (status, _) = await Ask(
            HttpMethod.Put,
            "/v1/profiles/user_id:paula/consent",
            """{"requestId":"yes-1","purposes":{"personalization":"granted","email-marketing":"granted"},"evidence":"form"}"""
        );
        Assert.Equal(HttpStatusCode.OK, status);

        (_, choice) = await Ask(HttpMethod.Post, "/v1/decide", Asked, sales);
        Assert.Equal("french", choice.GetProperty("audiences")[0].GetString());
        Assert.Contains(await CustomerOf("paula"), await Members(marketing), StringComparison.Ordinal);
    }

    private async Task<string> Members(string key) =>
        (
            await Ask(HttpMethod.Get, "/v1/audiences/french/members?limit=100&purpose=email-marketing", body: null, key)
        ).Body.GetRawText();

    private async Task<string> CustomerOf(string user) =>
        (await Ask(HttpMethod.Get, $"/v1/profiles/user_id:{user}")).Body.GetProperty("customerId").GetString()!;

    /// <summary>Makes a key with a role, and waits until this node knows it.</summary>
    private async Task<string> Key(string name, string role)
    {
        (HttpStatusCode status, JsonElement made) = await Ask(
            HttpMethod.Post,
            "/v1/keys",
            $$"""{"name":"{{name}}","roles":["{{role}}"]}"""
        );
        Assert.Equal(HttpStatusCode.Created, status);
        string key = made.GetProperty("key").GetString()!;
        await Until(async () =>
            (await Ask(HttpMethod.Get, "/v1/profiles/user_id:nobody", body: null, key)).Status
            != HttpStatusCode.Unauthorized
        );
        return key;
    }

    private async Task Preview()
    {
        string proposed = Policy.Replace("count: {atLeast: 2}", "count: {atLeast: 3}", StringComparison.Ordinal);
        JsonElement job = default;
        await Until(async () =>
        {
            // One job at a time: the one that brought the policy to all customers may still be under way.
            (HttpStatusCode status, job) = await Ask(
                HttpMethod.Post,
                "/v1/audiences:preview",
                JsonSerializer.Serialize(new { policy = proposed })
            );
            return status == HttpStatusCode.Accepted;
        });
        JsonElement ended = default;
        await Until(async () =>
        {
            (_, ended) = await Ask(HttpMethod.Get, $"/v1/jobs/{job.GetProperty("id").GetString()}");
            return ended.GetProperty("status").GetString() != "running";
        });
        JsonElement buyers = ended
            .GetProperty("result")
            .GetProperty("audiences")
            .EnumerateArray()
            .Single(one => one.GetProperty("audience").GetString() == "buyers");
        Assert.Equal(
            (2, 0, 2),
            (
                buyers.GetProperty("before").GetInt32(),
                buyers.GetProperty("after").GetInt32(),
                buyers.GetProperty("leave").GetInt32()
            )
        );
    }

    private async Task PutPolicy()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/audiences")
        {
            Content = new StringContent(Policy, Encoding.UTF8, "application/yaml"),
        };
        using HttpResponseMessage response = await _admin.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
    }

    private Task Order(string user, string id, int total) =>
        Track(user, id, "Order Completed", $$"""{"total":{{total}}}""");

    private Task Track(string user, string id, string name, string properties) =>
        Send(
            "track",
            $$"""{"messageId":"{{id}}","userId":"{{user}}","event":"{{name}}","properties":{{properties}}}"""
        );

    private Task Identify(string user, string id, string traits) =>
        Send("identify", $$"""{"messageId":"{{id}}","userId":"{{user}}","traits":{{traits}}}""");

    private async Task Send(string kind, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{kind}?wait=applied")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CollectHost.CollectKey);
        using HttpResponseMessage response = await _host.Anybody.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<long> SizeOf(string audience) =>
        (await Ask(HttpMethod.Get, $"/v1/audiences/{audience}/size")).Body.GetProperty("members").GetInt64();

    private async Task<JsonElement> Why(string audience, string user)
    {
        (HttpStatusCode status, JsonElement why) = await Ask(
            HttpMethod.Get,
            $"/v1/audiences/{audience}/members/user_id:{user}"
        );
        Assert.Equal(HttpStatusCode.OK, status);
        return why;
    }

    private async Task<long> CountOf(string user, string name)
    {
        (_, JsonElement profile) = await Ask(HttpMethod.Get, $"/v1/profiles/user_id:{user}");
        return profile.GetRawText().Split($"\"{name}\"").Length - 1;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Ask(
        HttpMethod method,
        string path,
        string? body = null,
        string key = GridHost.AdminKey
    )
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage response = await _host.Anybody.SendAsync(request);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, document.RootElement.Clone());
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
