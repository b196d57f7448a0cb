using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests.Attribution;

/// <summary>Attribution on the program that users run: a file is put in force, people visit and buy, and the credit adds up.</summary>
public sealed class AttributionEndToEndTests : IClassFixture<GridHost>
{
    private const string Policy = """
        owner: {team: revenue, contact: revenue@example.com}
        ownHosts: [shop.example.com]
        conversions:
          - {name: order, event: Order Completed, refunded: Order Refunded, assumedCurrency: EUR}
        examples:
          - input: {url: "https://shop.example.com/?gclid=1"}
            expect: {channel: Paid Search, source: google, medium: cpc}
        """;

    private readonly GridHost _host;
    private readonly HttpClient _admin;

    public AttributionEndToEndTests(GridHost host)
    {
        _host = host;
        _admin = host.CreateClient();
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GridHost.AdminKey);
    }

    [Fact]
    public async Task Order_FromTheVisitToTheReport_AddsUpToTheCent()
    {
        (HttpStatusCode status, string said) = await Ask(HttpMethod.Put, "/v1/policies/attribution", Policy);
        Assert.True(status == HttpStatusCode.OK, said);
        string today = TimeProvider.System.GetUtcNow().AddMinutes(-5).ToString("O", CultureInfo.InvariantCulture);
        await Send(
            "identify",
            """{"anonymousId":"a1","context":{"consent":{"categoryPreferences":{"analytics":true}}}}"""
        );
        await Send(
            "page",
            $$$"""{"anonymousId":"a1","timestamp":"{{{today}}}","properties":{"url":"https://shop.example.com/?gclid=1","path":"/"}}"""
        );
        await Send(
            "page",
            """{"anonymousId":"a1","properties":{"url":"https://shop.example.com/?utm_source=news&utm_medium=email"}}"""
        );
        await Send(
            "track",
            """{"anonymousId":"a1","event":"Order Completed","properties":{"order_id":"o1","total":"100.01"}}"""
        );
        await Send(
            "track",
            """{"anonymousId":"a2","event":"Order Completed","properties":{"order_id":"o2","total":"20.00"}}"""
        );
        await Send(
            "track",
            """{"anonymousId":"a2","event":"Order Completed","properties":{"order_id":"o3","total":"-5"}}"""
        );

        string to = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string path = $"/v1/attribution/reconciliation?from=2020-01-01&to={to}&definition=order";
        JsonElement report = default;
        await Until(async () =>
        {
            (_, string text) = await Ask(HttpMethod.Get, path);
            report = Json(text);
            return text.Contains("\"net\":\"120.01\"", StringComparison.Ordinal)
                && report.GetProperty("cases").GetArrayLength() == 2;
        });
        JsonElement euro = report.GetProperty("currencies")[0];
        Assert.True(euro.GetProperty("isReconciled").GetBoolean());
        Assert.Equal(
            ["Email 50.00", "Paid Search 50.01"],
            euro.GetProperty("channels").EnumerateArray().Select(NameAndAmount)
        );
        Assert.Equal(["no_touch_ever 20.00"], euro.GetProperty("residuals").EnumerateArray().Select(NameAndAmount));
        Assert.Equal(
            ["amount_missing", "no_touch_ever"],
            report.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("reason").GetString())
        );

        (_, string csv) = await Ask(
            HttpMethod.Get,
            path.Replace("reconciliation?", "reconciliation.csv?", StringComparison.Ordinal)
        );
        Assert.Contains("EUR,channel,\"Paid Search\",50.01\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("EUR,difference,\"\",0.00\r\n", csv, StringComparison.Ordinal);

        (_, said) = await Ask(
            HttpMethod.Get,
            $"/v1/attribution/views/exceptions?from=2020-01-01&to={to}&definition=order"
        );
        JsonElement view = Json(said);
        Assert.Contains("missing_campaign", view.GetProperty("definition").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["amount_missing 1", "missing_campaign 1", "no_touch_ever 1"],
            view.GetProperty("rows")
                .EnumerateArray()
                .Select(row =>
                    $"{row.GetProperty("name").GetString()} {row.GetProperty("values").GetProperty("conversions").GetString()}"
                )
        );
        Assert.Equal(
            ["o1", "o2", "o3"],
            view.GetProperty("cases")
                .EnumerateArray()
                .Select(one => one.GetProperty("externalId").GetString())
                .Order(StringComparer.Ordinal)
        );
        await AssertFrozen(to);
        string id = Rules.Attribution.ConversionReader.IdOf("order", "o1");
        (status, said) = await Ask(HttpMethod.Get, $"/v1/attribution/conversions/{id}");
        Assert.True(status == HttpStatusCode.OK, said);
        JsonElement conversion = Json(said);
        Assert.Equal("100.01", conversion.GetProperty("amount").GetString());
        Assert.Equal(
            ["Paid Search google", "Email news"],
            conversion
                .GetProperty("touches")
                .EnumerateArray()
                .Select(touch =>
                    $"{touch.GetProperty("channel").GetString()} {touch.GetProperty("source").GetString()}"
                )
        );
        Assert.Equal(9, conversion.GetProperty("models").GetArrayLength());
        Assert.All(
            conversion.GetProperty("models").EnumerateArray(),
            model =>
                Assert.Equal(
                    100.01m,
                    model
                        .GetProperty("parts")
                        .EnumerateArray()
                        .Sum(part =>
                            decimal.Parse(part.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture)
                        )
                )
        );
        Assert.Equal("newConversion", conversion.GetProperty("restatements")[0].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("from=2026-01-01", "to")]
    [InlineData("from=2026-01-01&to=2025-01-01", "to")]
    [InlineData("from=yesterday&to=2025-01-01", "from")]
    [InlineData("from=2026-01-01&to=2026-02-01&model=magic", "model")]
    [InlineData("from=2026-01-01&to=2026-02-01&model=markov&view=asReported", "view")]
    [InlineData("from=2026-01-01&to=2026-02-01&view=guessed", "view")]
    [InlineData("from=2026-01-01T00:01:00Z&to=2026-02-01", "from")]
    [InlineData("from=2026-01-01&to=2026-02-01T10:00:00Z", "to")]
    [InlineData("from=2026-01-01&to=2026-02-01&model=markov2&view=asReported", "view")]
    [InlineData("from=2026-01-01&to=2026-02-01&definition=nothing", "definition")]
    [InlineData("from=2026-01-01&to=2026-02-01&of=x", "of")]
    public async Task Report_OfWhatCanNotBeMeant_IsRefused(string query, string parameter)
    {
        (HttpStatusCode status, string said) = await Ask(HttpMethod.Get, $"/v1/attribution/reconciliation?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(parameter, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exceptions?from=2026-01-01&to=2026-02-01&model=markov", HttpStatusCode.BadRequest)]
    [InlineData("exceptions?from=2026-01-01&to=2026-02-01&view=asReported", HttpStatusCode.BadRequest)]
    [InlineData("exceptions?from=2026-01-01T10:00:00Z&to=2026-02-01", HttpStatusCode.BadRequest)]
    [InlineData("luck?from=2026-01-01&to=2026-02-01", HttpStatusCode.NotFound)]
    [InlineData("win-rate?from=2026-01-01&to=2026-02-01", HttpStatusCode.OK)]
    [InlineData("speed-to-lead?from=2026-01-01&to=2026-02-01", HttpStatusCode.OK)]
    [InlineData("sales-assist?from=2026-01-01&to=2026-02-01", HttpStatusCode.OK)]
    [InlineData("broken-forms?from=2026-01-01&to=2099-02-01", HttpStatusCode.OK)]
    public async Task View_IsShownOrSaysWhyNot(string query, HttpStatusCode expected)
    {
        (HttpStatusCode status, _) = await Ask(HttpMethod.Get, $"/v1/attribution/views/{query}");

        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("""{"from":"2026-01-01"}""")]
    [InlineData("""{"from":"2026-01-01","to":"2026-01-01"}""")]
    [InlineData("""{"from":"2026-01-01","to":"2026-02-01T00:00:00Z"}""")]
    [InlineData("""{"from":"2026-01-01","to":"2026-02-01","definition":"nothing"}""")]
    [InlineData("""{"from":"2026-01-01","to":"2026-02-01","by":"me"}""")]
    public async Task Period_ThatCanNotBeMeant_IsNotFrozen(string body)
    {
        (HttpStatusCode status, _) = await Ask(HttpMethod.Post, "/v1/attribution/periods", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("v_00000000000000000000000000000000")]
    [InlineData("nothing")]
    public async Task Conversion_ThatThereIsNot_IsNotFound(string id)
    {
        (HttpStatusCode status, _) = await Ask(HttpMethod.Get, $"/v1/attribution/conversions/{id}");

        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    /// <summary>Frozen once, and what moves credit later stands beside it.</summary>
    private async Task AssertFrozen(string to)
    {
        const string Periods = "/v1/attribution/periods";
        string body = $$"""{"from":"2020-01-01","to":"{{to}}","definition":"order"}""";
        (HttpStatusCode status, string said) = await Ask(HttpMethod.Post, Periods, body);
        Assert.True(status == HttpStatusCode.OK, said);
        JsonElement frozen = Json(said);
        Assert.True(frozen.GetProperty("isNew").GetBoolean());
        Assert.Equal(11, frozen.GetProperty("models").GetArrayLength());
        string id = frozen.GetProperty("id").GetString()!;

        await Send(
            "track",
            """{"anonymousId":"a1","event":"Order Completed","properties":{"order_id":"o4","total":"10.00"}}"""
        );
        JsonElement compared = default;
        await Until(async () =>
        {
            (_, string text) = await Ask(HttpMethod.Get, $"{Periods}/{id}/compare");
            compared = Json(text);
            return !compared.GetProperty("isSame").GetBoolean();
        });
        Assert.Contains(
            "last closedWon  120.01 130.01 10.00",
            compared.GetProperty("lines").EnumerateArray().Select(Line)
        );
        Assert.Contains(
            "last channel Email 100.01 110.01 10.00",
            compared.GetProperty("lines").EnumerateArray().Select(Line)
        );

        (_, said) = await Ask(HttpMethod.Post, Periods, body);
        JsonElement again = Json(said);
        Assert.False(again.GetProperty("isNew").GetBoolean());
        Assert.Equal(frozen.GetProperty("models").GetRawText(), again.GetProperty("models").GetRawText());
        (_, said) = await Ask(HttpMethod.Get, $"{Periods}/{id}");
        Assert.Equal(frozen.GetProperty("models").GetRawText(), Json(said).GetProperty("models").GetRawText());
        (_, said) = await Ask(HttpMethod.Get, Periods);
        Assert.Equal(
            id,
            Assert.Single(Json(said).GetProperty("periods").EnumerateArray()).GetProperty("id").GetString()
        );
        (status, _) = await Ask(HttpMethod.Get, $"{Periods}/f_00000000000000000000000000000000");
        Assert.Equal(HttpStatusCode.NotFound, status);
        (_, said) = await Ask(HttpMethod.Get, "/v1/audit?action=attribution.period_frozen");
        Assert.Contains(id, said, StringComparison.Ordinal);
    }

    private static string Line(JsonElement line) =>
        string.Join(
            ' ',
            new[] { "model", "kind", "name", "frozen", "now", "change" }.Select(name =>
                line.GetProperty(name).GetString()
            )
        );

    private static string NameAndAmount(JsonElement line) =>
        $"{line.GetProperty("name").GetString()} {line.GetProperty("amount").GetString()}";

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

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

    private async Task<(HttpStatusCode Status, string Body)> Ask(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/yaml"),
        };
        using HttpResponseMessage response = await _admin.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
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
