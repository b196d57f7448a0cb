using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Consent;

/// <summary>Consent over HTTP, on the whole service: collected, read at any time, put, and enforced at collect.</summary>
public sealed class ConsentEndpointTests : IAsyncLifetime
{
    private GridHost _host = null!;

    public Task InitializeAsync()
    {
        _host = new GridHost();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Consent_OfMessages_CanBeReadNow_AtAnyTime_AndAsHistory()
    {
        await Collect(Says("m1", "\"userId\":\"jane\"", "2026-11-20T10:00:00Z", "\"profiling\":true,\"ads\":false"));
        await Collect(Says("m2", "\"userId\":\"jane\"", "2026-11-21T10:00:00Z", "\"profiling\":false"));
        await Collect(Says("m3", "\"userId\":\"jane\"", "2026-11-22T10:00:00Z", "\"profiling\":true"));

        JsonElement now = await Get("/v1/profiles/user_id:jane/consent");
        Assert.Equal("granted", StatusOf(now, "profiling"));
        Assert.Equal("denied", StatusOf(now, "ads"));
        Assert.Equal("unknown", StatusOf(now, "analytics"));
        JsonElement why = now.GetProperty("purposes").GetProperty("profiling");
        Assert.Equal("m3", why.GetProperty("messageId").GetString());
        Assert.Equal("2026-11-22T10:00:00Z", why.GetProperty("at").GetString());
        Assert.Equal(CollectHost.SourceName, why.GetProperty("source").GetString());
        Assert.Equal(now.GetProperty("policyVersion").GetString(), why.GetProperty("policyVersion").GetString());
        Assert.Equal(
            "jane",
            Assert.Single(why.GetProperty("identifiers").EnumerateArray()).GetProperty("value").GetString()
        );

        Assert.Equal(
            "unknown",
            StatusOf(await Get("/v1/profiles/user_id:jane/consent?at=2026-11-20T09:59:59Z"), "profiling")
        );
        Assert.Equal(
            "granted",
            StatusOf(await Get("/v1/profiles/user_id:jane/consent?at=2026-11-20T10:00:00Z"), "profiling")
        );
        Assert.Equal(
            "denied",
            StatusOf(await Get("/v1/profiles/user_id:jane/consent?at=2026-11-21T12:00:00Z"), "profiling")
        );

        JsonElement profile = await Get("/v1/profiles/user_id:jane");
        Assert.Equal(
            "granted",
            profile.GetProperty("consent").GetProperty("profiling").GetProperty("status").GetString()
        );

        List<string> history = [];
        string path = "/v1/profiles/user_id:jane/consent/history?limit=1";
        for (string? next = path; next is not null; )
        {
            JsonElement page = await Get(next);
            history.AddRange(
                page.GetProperty("entries")
                    .EnumerateArray()
                    .Select(one =>
                        $"{one.GetProperty("messageId")} {one.GetProperty("purpose")} {one.GetProperty("status")}"
                    )
            );
            string? cursor = page.GetProperty("next").GetString();
            next = cursor is null ? null : $"{path}&cursor={cursor}";
        }

        Assert.Equal(["m3 profiling granted", "m2 profiling denied", "m1 ads denied", "m1 profiling granted"], history);
    }

    [Fact]
    public async Task Put_IsWrittenOnce_AndAnotherRequestOfItsIdIsRefused()
    {
        await Collect(Says("m1", "\"userId\":\"u\",\"anonymousId\":\"a-1\"", "2026-11-20T10:00:00Z", "\"ads\":false"));
        const string Body =
            """{"requestId":"r-1","purposes":{"ads":"granted","email-marketing":"denied"},"evidence":"text 4"}""";

        (HttpStatusCode status, JsonElement put) = await Put(Body);
        (HttpStatusCode again, _) = await Put(Body);
        (HttpStatusCode other, JsonElement refused) = await Put("""{"requestId":"r-1","purposes":{"ads":"denied"}}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("granted", StatusOf(put, "ads"));
        Assert.Equal("text 4", put.GetProperty("purposes").GetProperty("ads").GetProperty("evidence").GetString());
        Assert.Equal(HttpStatusCode.OK, again);
        Assert.Equal(HttpStatusCode.Conflict, other);
        Assert.Equal("request_id_reused", refused.GetProperty("code").GetString());
        JsonElement history = await Get("/v1/profiles/anonymous_id:a-1/consent/history");
        Assert.Equal(3, history.GetProperty("entries").GetArrayLength());
        Assert.Equal(2, history.GetProperty("entries")[0].GetProperty("covers").GetArrayLength());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"requestId":"r","purposes":{}}""")]
    [InlineData("""{"requestId":"r","purposes":{"ads":"maybe"}}""")]
    [InlineData("""{"requestId":"r","purposes":{"ads":"unknown"}}""")]
    [InlineData("""{"requestId":"r","purposes":{"Ads":"granted"}}""")]
    [InlineData("""{"requestId":"r","purposes":{"ads":"granted","ads":"denied"}}""")]
    [InlineData("""{"requestId":"jane@x.com","purposes":{"ads":"granted"}}""")]
    [InlineData("""{"requestId":"r","purposes":{"ads":"granted"},"evidence":""}""")]
    [InlineData("""{"requestId":"r","purposes":{"ads":"granted"},"at":"2020-01-01T00:00:00Z"}""")]
    [InlineData("[]")]
    [InlineData("no json")]
    public async Task Put_OfWhatIsNoConsent_IsRefused_AndWritesNothing(string body)
    {
        await Collect(Says("m1", "\"userId\":\"u\"", "2026-11-20T10:00:00Z", "\"profiling\":true"));

        (HttpStatusCode status, _) = await Put(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        JsonElement history = await Get("/v1/profiles/user_id:u/consent/history");
        Assert.Equal(1, history.GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("/v1/profiles/user_id:nobody/consent", 404)]
    [InlineData("/v1/profiles/user_id:nobody/consent/history", 404)]
    [InlineData("/v1/profiles/user_id:u/consent?at=yesterday", 400)]
    [InlineData("/v1/profiles/user_id:u/consent?at=2999-01-01T00:00:00Z", 400)]
    [InlineData("/v1/profiles/user_id:u/consent/history?limit=0", 400)]
    [InlineData("/v1/profiles/user_id:u/consent/history?limit=1000000000", 400)]
    [InlineData("/v1/profiles/user_id:u/consent/history?cursor=AQID", 400)]
    public async Task Get_OfWhatIsNotThere_OrBadlyAsked_IsAProblem(string path, int status)
    {
        await Collect(Says("m1", "\"userId\":\"u\"", "2026-11-20T10:00:00Z", "\"profiling\":true"));

        using HttpResponseMessage response = await _host.Reader.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Put_WithAKeyThatReads_IsForbidden()
    {
        using HttpRequestMessage request = new(HttpMethod.Put, "/v1/profiles/user_id:u/consent");
        request.Content = new StringContent("""{"requestId":"r","purposes":{"ads":"granted"}}""");

        using HttpResponseMessage response = await _host.Reader.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("1", "denied")]
    [InlineData("0, 1", "denied")]
    [InlineData("0", "unknown")]
    [InlineData("true", "unknown")]
    [InlineData("11", "unknown")]
    public async Task PrivacyControl_OnACollectPath_DeniesAds(string header, string expected)
    {
        await Collect("""{"type":"page","anonymousId":"a-1","messageId":"m1"}""", ("Sec-GPC", header));

        Assert.Equal(expected, StatusOf(await Get("/v1/profiles/anonymous_id:a-1/consent"), "ads"));
    }

    [Fact]
    public async Task PrivacyControl_IsDeclared_ToAnybody()
    {
        using var answer = JsonDocument.Parse(
            await _host.Anybody.GetStringAsync(new Uri("/.well-known/gpc.json", UriKind.Relative))
        );

        Assert.True(answer.RootElement.GetProperty("gpc").GetBoolean());
        Assert.Equal(10, answer.RootElement.GetProperty("lastUpdate").GetString()!.Length);
    }

    [Fact]
    public async Task Message_ThatDenies_WhereThePolicyDrops_IsDropped_AndItsDenialCounts()
    {
        await PutPolicy("purposes: {analytics: {collect: drop}, profiling: {collect: store-without-personal}}");
        string order = Says("m1", "\"anonymousId\":\"a-1\"", "2026-11-20T10:00:00Z", "\"analytics\":false");

        JsonElement answer = await Collect(
            order.Replace("\"event\":\"E\"", "\"event\":\"Order\"", StringComparison.Ordinal)
        );

        JsonElement receipt = answer.GetProperty("receipts")[0];
        Assert.Equal("dropped", receipt.GetProperty("status").GetString());
        Assert.Equal("consent_only", receipt.GetProperty("consent").GetProperty("stored").GetString());
        JsonElement profile = await Get("/v1/profiles/anonymous_id:a-1");
        Assert.Equal(
            "denied",
            profile.GetProperty("consent").GetProperty("analytics").GetProperty("status").GetString()
        );
        Assert.DoesNotContain("Order", profile.GetRawText(), StringComparison.Ordinal);
        JsonElement later = await Get("/v1/receipts/m1");
        Assert.Contains("\"dropped\"", later.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_TellTheWrapper_WhatThePolicyKnows()
    {
        await PutPolicy("wire: {segment: {C0002: analytics, C0009: []}}\nsdk: {categories: [C0001], needs: []}");

        using var settings = JsonDocument.Parse(
            await _host.Anybody.GetStringAsync(
                new Uri($"/v1/projects/{CollectHost.CollectKey}/settings", UriKind.Relative)
            )
        );

        JsonElement consent = settings.RootElement.GetProperty("consentSettings");
        Assert.True(consent.GetProperty("hasUnmappedDestinations").GetBoolean());
        Assert.Equal(
            ["C0001", "C0002", "ads", "analytics", "email-marketing", "personalization", "profiling", "sales-contact"],
            consent.GetProperty("allCategories").EnumerateArray().Select(one => one.GetString())
        );
        Assert.False(
            settings
                .RootElement.GetProperty("integrations")
                .GetProperty("Segment.io")
                .TryGetProperty("consentSettings", out _)
        );
    }

    private static string Says(string messageId, string ids, string at, string categories) =>
        $"{{\"type\":\"track\",\"event\":\"E\",{ids},\"messageId\":\"{messageId}\",\"timestamp\":\"{at}\","
        + $"\"context\":{{\"consent\":{{\"categoryPreferences\":{{{categories}}}}}}}}}";

    private static string? StatusOf(JsonElement consent, string purpose) =>
        consent.GetProperty("purposes").GetProperty(purpose).GetProperty("status").GetString();

    [Fact]
    public async Task Coverage_CountsWhoSaysWhat()
    {
        await Collect(Says("m1", "\"userId\":\"u\"", "2026-11-20T10:00:00Z", "\"analytics\":true"));
        // A request is stored at once; what messages say with the next write of the customer.
        (HttpStatusCode put, _) = await Put(
            """{"requestId":"r-1","purposes":{"profiling":"granted","ads":"denied"}}"""
        );
        Assert.Equal(HttpStatusCode.OK, put);
        using (HttpRequestMessage begin = new(HttpMethod.Post, "/v1/consent:coverage"))
        {
            begin.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GridHost.AdminKey);
            using HttpResponseMessage begun = await _host.Anybody.SendAsync(begin);
            Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement job;
        while ((job = await Get("/v1/consent/coverage")).GetProperty("status").GetString() == "running")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }

        JsonElement result = job.GetProperty("result");
        Assert.Equal(1, result.GetProperty("customers").GetInt32());
        Assert.Equal(
            ["ads 0 1 0", "profiling 1 0 0"],
            result
                .GetProperty("purposes")
                .EnumerateArray()
                .Select(one =>
                    $"{one.GetProperty("purpose")} {one.GetProperty("granted")} {one.GetProperty("denied")} {one.GetProperty("unknown")}"
                )
                .Where(text =>
                    text.StartsWith("ads ", StringComparison.Ordinal)
                    || text.StartsWith("profiling ", StringComparison.Ordinal)
                )
        );
    }

    private async Task<JsonElement> Collect(string message, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/batch?wait=applied");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CollectHost.CollectKey);
        request.Headers.Add("X-Receipts", "true");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = new StringContent($"{{\"batch\":[{message}]}}", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _host.Anybody.SendAsync(request);
        JsonElement answer = await Read(response);
        Assert.True(answer.GetProperty("applied").GetBoolean(), answer.GetRawText());
        return answer;
    }

    private async Task<JsonElement> Get(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GridHost.AdminKey);
        using HttpResponseMessage response = await _host.Anybody.SendAsync(request);
        return await Read(response);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Put(string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, "/v1/profiles/user_id:u/consent");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GridHost.AdminKey);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _host.Anybody.SendAsync(request);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, document.RootElement.Clone());
    }

    private async Task PutPolicy(string yaml)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, "/v1/policies/consent");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GridHost.AdminKey);
        request.Content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await _host.Anybody.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> Read(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
