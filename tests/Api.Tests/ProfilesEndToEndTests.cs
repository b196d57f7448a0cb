using System.Text.Json;

namespace Customer360.Api.Tests;

/// <summary>From a collect call to every read, on real grains and SQLite.</summary>
public sealed class ProfilesEndToEndTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-reads-").FullName;

    [Fact]
    public async Task Read_AfterCollect_ShowsWhatWasSent()
    {
        await using ProfilesHost host = await ProfilesHost.StartReal(_folder);
        await host.Collect(
            """
            {"batch":[
              {"type":"identify","messageId":"m-1","userId":"u/1","anonymousId":"a-1","timestamp":"2026-11-21T10:00:00Z",
               "traits":{"firstName":"Jane","email":"jane@example.com"}},
              {"type":"track","event":"Order Completed","messageId":"m-2","userId":"u/1","timestamp":"2026-11-21T10:05:00Z",
               "properties":{"total":12.5},"context":{"library":{"name":"test"}}},
              {"type":"track","event":"Page Viewed","messageId":"m-3","userId":"u/1","timestamp":"2026-11-21T12:00:00Z"},
              {"type":"group","messageId":"m-4","userId":"u/1","groupId":"acme.com","timestamp":"2026-11-21T12:01:00Z",
               "traits":{"name":"Acme"}}
            ]}
            """
        );

        JsonElement profile = await host.GetJson("/v1/profiles/user_id:u%2F1");
        Assert.Equal("Jane", profile.GetProperty("traits").GetProperty("firstName").GetString());
        string customerId = profile.GetProperty("customerId").GetString()!;
        JsonElement byId = await host.GetJson($"/v1/profiles/customer:{customerId}");
        Assert.Equal(profile.GetRawText(), byId.GetRawText());
        JsonElement byAnonymous = await host.GetJson("/v1/profiles/anonymous_id:a-1?verbose=true");
        Assert.Equal(customerId, byAnonymous.GetProperty("customerId").GetString());

        JsonElement timeline = await host.GetJson("/v1/profiles/user_id:u%2F1/timeline?order=asc&limit=3");
        Assert.Equal(
            ["m-1", "m-2", "m-3"],
            timeline.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("messageId").GetString()!)
        );
        JsonElement rest = await host.GetJson(
            $"/v1/profiles/user_id:u%2F1/timeline?cursor={timeline.GetProperty("next").GetString()}"
        );
        Assert.Equal(
            "m-4",
            Assert.Single(rest.GetProperty("events").EnumerateArray()).GetProperty("messageId").GetString()
        );

        JsonElement sessions = await host.GetJson("/v1/profiles/user_id:u%2F1/sessions?limit=1");
        Assert.Equal(
            "2026-11-21T12:00:00Z",
            Assert.Single(sessions.GetProperty("sessions").EnumerateArray()).GetProperty("startedAt").GetString()
        );
        JsonElement older = await host.GetJson(
            $"/v1/profiles/user_id:u%2F1/sessions?cursor={sessions.GetProperty("next").GetString()}"
        );
        JsonElement session = Assert.Single(older.GetProperty("sessions").EnumerateArray());
        Assert.Equal("2026-11-21T10:00:00Z", session.GetProperty("startedAt").GetString());
        Assert.Equal(2, session.GetProperty("eventCount").GetInt32());

        const string Segment = "/v1/spaces/s/collections/users/profiles/user_id:u%2F1";
        JsonElement events = await host.GetJson($"{Segment}/events?start=2026-11-01&include=Order Completed");
        Assert.Equal(
            "m-2",
            Assert.Single(events.GetProperty("data").EnumerateArray()).GetProperty("message_id").GetString()
        );
        JsonElement traits = await host.GetJson($"{Segment}/traits?limit=200");
        Assert.Equal(profile.GetProperty("traits").GetRawText(), traits.GetProperty("traits").GetRawText());
        JsonElement links = await host.GetJson($"{Segment}/links");
        Assert.Equal(1, links.GetProperty("data").GetArrayLength());
        JsonElement metadata = await host.GetJson($"{Segment}/metadata");
        Assert.Equal("m-1", metadata.GetProperty("metadata").GetProperty("first_message_id").GetString());

        JsonElement ready = await host.GetJson("/health/ready");
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        await host.GetProblem("/v1/profiles/user_id:nobody", 404);
        await host.GetProblem("/v1/profiles/customer:c_019ac8d12f400030000000099", 404);
        await host.GetProblem("/v1/accounts/nobody", 404);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
