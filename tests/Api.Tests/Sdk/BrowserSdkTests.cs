using System.Text.Json;
using Customer360.Api.Tests.Support;
using Customer360.Rules.Events;

namespace Customer360.Api.Tests.Sdk;

/// <summary><c>@segment/analytics-next</c> from npm, unmodified, in Chromium, on a page of another origin.</summary>
public sealed class BrowserSdkTests
{
    private const string Script = "browser/send.mjs";

    [BrowserFact]
    public async Task Page_ThatSendsOneByOne_IsInTheProfile()
    {
        await using GridHost host = new();

        JsonElement result = await SdkScript.RunAsync(
            Script,
            host.Address,
            CollectHost.CollectKey,
            "web",
            "standard",
            "6"
        );

        Assert.Equal(
            [
                "GET /v1/projects/{key}/settings 200",
                "POST /v1/a 200",
                "POST /v1/g 200",
                "POST /v1/i 200",
                "POST /v1/p 200",
                "POST /v1/s 200",
                "POST /v1/t 200",
            ],
            result
                .GetProperty("answers")
                .EnumerateArray()
                .Select(answer => answer.GetString())
                .Order(StringComparer.Ordinal)
        );
        JsonElement profile = await host.WaitForProfileAsync(
            "email:web@example.com",
            one => one.GetProperty("traits").TryGetProperty("plan", out _)
        );
        Assert.Equal("silver", profile.GetProperty("traits").GetProperty("plan").GetString());
        Assert.Contains("web-user", profile.GetProperty("identifiers").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("anonymous_id", profile.GetProperty("identifiers").GetRawText(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Page_ThatSendsInBatches_IsStoredWhole()
    {
        using CollectHost host = new();

        JsonElement result = await SdkScript.RunAsync(
            Script,
            host.Address.GetLeftPart(UriPartial.Authority),
            CollectHost.CollectKey,
            "batched",
            "batching",
            "6"
        );

        Assert.Contains("POST /v1/b 200", result.GetProperty("answers").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(
            [EventKind.Identify, EventKind.Track, EventKind.Page, EventKind.Screen, EventKind.Group, EventKind.Alias],
            host.Intake.Stored.Select(envelope => envelope.Kind).Order()
        );
    }
}
