using System.Text.Json;
using Customer360.Api.Tests.Webhooks;

namespace Customer360.Api.Tests.Sources;

/// <summary><c>GET /v1/sources</c>: when each source last sent something.</summary>
public sealed class SourcesTests
{
    [Fact]
    public async Task List_SaysWhenKeysAndServicesLastSent_AndAfterARestart()
    {
        await using WebhookHost host = await WebhookHost.Start(
            "sources:\n  hubspot: {kind: hubspot, verify: {template: hubspot}}\n  salesforce: {kind: salesforce, verify: {template: salesforce}}\n"
        );
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        await host.Collect("""{"type":"track","messageId":"m1","userId":"u1","event":"Seen"}""");
        await host.SendHubSpot(
            """
            [{"eventId":1,"subscriptionId":7,"portalId":62515,"occurredAt":1795770000000,"subscriptionType":"contact.propertyChange","objectId":1,"propertyName":"email","propertyValue":"jane@acme.example"}]
            """
        );

        // A graceful stop tells what the last seconds saw.
        await host.RestartAsync();
        (int status, JsonElement answer) = await host.Ask(HttpMethod.Get, "/v1/sources");

        Assert.Equal(200, status);
        JsonElement[] sources = [.. answer.GetProperty("sources").EnumerateArray()];
        Assert.Equal(
            ["hubspot webhook", "salesforce webhook", "web key"],
            sources.Select(one => $"{one.GetProperty("source")} {one.GetProperty("kind")}")
        );
        Assert.Equal(JsonValueKind.Null, sources[1].GetProperty("lastAt").ValueKind);
        Assert.All(
            (JsonElement[])[sources[0], sources[2]],
            one =>
                Assert.InRange(
                    one.GetProperty("lastAt").GetDateTimeOffset(),
                    before.AddSeconds(-1),
                    before.AddMinutes(2)
                )
        );
    }

    [Fact]
    public async Task Refused_Messages_AreNoSignOfLife()
    {
        await using WebhookHost host = await WebhookHost.Start(
            "sources:\n  hubspot: {kind: hubspot, verify: {template: hubspot}}\n"
        );

        Assert.Equal(401, (await host.SendHubSpot("[]", secret: "another")).Status);
        await host.RestartAsync();

        (_, JsonElement answer) = await host.Ask(HttpMethod.Get, "/v1/sources");
        JsonElement hubspot = Assert.Single(answer.GetProperty("sources").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, hubspot.GetProperty("lastAt").ValueKind);
    }
}
