using System.Net.Http.Json;
using System.Text.Json;
using Customer360.Api.Tests.Crash;

namespace Customer360.Browser.Tests;

/// <summary>A few people, an account and leads, sent as SDKs send them.</summary>
internal static class Company
{
    /// <summary>Texts that break pages which do not take them as text.</summary>
    public static IReadOnlyList<string> Naughty { get; } =
    [
        "<script>window.hasRun = true</script>",
        "\"><img src=x onerror=\"window.hasRun = true\">",
        "javascript:window.hasRun=true",
        "{{constructor.constructor('window.hasRun=true')()}}",
        "</textarea></title><svg onload=window.hasRun=true>",
        "\u202Egnp.exe",
        "Z\u0337\u0321a\u0335l\u0338g\u0334o",
        new string('W', 3_000),
        "",
        "  ",
        "null",
        "🧑‍🚀🇩🇪",
        "' OR 1=1 --",
        "%00%0a..%2f..%2f",
    ];

    public static async Task FillAsync(ApiProcess api)
    {
        List<object> batch =
        [
            new
            {
                type = "page",
                messageId = "jane-1",
                anonymousId = "jane-phone",
                name = "Pricing",
            },
            new
            {
                type = "identify",
                messageId = "jane-2",
                anonymousId = "jane-phone",
                userId = "jane",
                traits = new
                {
                    email = "jane@acme.example",
                    firstName = "Jane",
                    lastName = "Roe",
                    plan = "pro",
                    company = "Acme",
                },
            },
            new
            {
                type = "track",
                messageId = "jane-3",
                userId = "jane",
                @event = "Order Completed",
                properties = new { total = 49.9, currency = "EUR" },
            },
            new
            {
                type = "group",
                messageId = "jane-4",
                userId = "jane",
                groupId = "acme",
                traits = new { name = "Acme", industry = "Software" },
            },
            new
            {
                type = "track",
                messageId = "lena-0",
                userId = "lena",
                @event = "Form Submitted",
            },
            Lead("lena", "lena@globex.example"),
            new
            {
                type = "track",
                messageId = "lena-2",
                userId = "lena",
                @event = "Demo Requested",
            },
            Account("lena", "globex", "Globex", "globex.example"),
            Account("bo", "acme-bricks", "Acme Bricks", "acme-bricks.example"),
            Account("naughty", "naughty", "<img src=x onerror=alert(1)>", "naughty.example"),
        ];
        for (int index = 0; index < Naughty.Count; index++)
        {
            batch.Add(
                new
                {
                    type = "identify",
                    messageId = $"naughty-{index}",
                    userId = "naughty",
                    anonymousId = $"n{index} {Naughty[index][..Math.Min(60, Naughty[index].Length)]}",
                    traits = new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        [$"trait{index}"] = Naughty[index],
                        [$"{index} <b>field</b>"] = new { nested = Naughty[index] },
                    },
                }
            );
            batch.Add(
                new
                {
                    type = "track",
                    messageId = $"naughty-event-{index}",
                    userId = "naughty",
                    @event = $"{index} {Naughty[index]}",
                    properties = new { value = Naughty[index] },
                }
            );
        }

        batch.Add(
            new
            {
                type = "identify",
                messageId = "naughty-name",
                userId = "naughty",
                traits = new { name = Naughty[0] + Naughty[1] },
            }
        );
        await SendBatchAsync(api, batch);
    }

    /// <summary>Two people whom one message made one: a tablet that both use.</summary>
    public static Task MergeAsync(ApiProcess api, string name) =>
        SendBatchAsync(
            api,
            [
                new
                {
                    type = "identify",
                    messageId = $"{name}-1",
                    userId = name,
                    anonymousId = $"{name}-tablet",
                },
                new
                {
                    type = "identify",
                    messageId = $"{name}-2",
                    anonymousId = $"{name}-other",
                    traits = new { email = $"{name}-other@home.example" },
                },
                new
                {
                    type = "identify",
                    messageId = $"{name}-3",
                    userId = name,
                    anonymousId = $"{name}-other",
                },
            ]
        );

    public static Task SendBatchAsync(ApiProcess api, IReadOnlyList<object> batch) =>
        SendAsync(api, HttpMethod.Post, "/v1/batch?wait=applied", new { batch });

    public static async Task<JsonElement> SendAsync(ApiProcess api, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using HttpResponseMessage response = await api.Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Somebody is in a company.</summary>
    private static object Account(string userId, string groupId, string name, string domain) =>
        new
        {
            type = "group",
            messageId = $"account-{groupId}",
            userId,
            groupId,
            traits = new { name, domain },
        };

    private static object Lead(string name, string email) =>
        new
        {
            type = "identify",
            messageId = $"{name}-1",
            userId = name,
            traits = new
            {
                email,
                company = "Globex",
                employees = 250,
                territory = "emea",
                leadSource = "demo",
            },
        };
}
