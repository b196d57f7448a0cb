using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Privacy;
using Customer360.Api.Tests.Sdk;

namespace Customer360.Api.Tests.Destinations;

/// <summary>Signed webhooks on the program that users run: what is sent, in which order, and what becomes of what is not taken.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task Change_OfAProfile_IsSentWithWhatTheRoleMaySee()
    {
        await using DestinationHost host = await DestinationHost.Start();

        await host.Identify("u-1", """{"plan":"pro","ssn":"078-05-1120"}""");
        ReceivedCallback sent = await host.Receiver.Next();

        JsonElement data = sent.Body.GetProperty("data");
        Assert.Equal("profile.changed", sent.Body.GetProperty("type").GetString());
        Assert.Equal("pro", data.GetProperty("traits").GetProperty("plan").GetString());
        Assert.DoesNotContain("078-05-1120", sent.Body.ToString(), StringComparison.Ordinal);
        Assert.Contains("u-1", data.GetProperty("identifiers").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("e_", sent.Headers["webhook-id"].ToString(), StringComparison.Ordinal);
        JsonElement line = Assert.Single(await host.Deliveries("outcome=sent"));
        Assert.Equal(sent.Headers["webhook-id"].ToString(), line.GetProperty("id").GetString());
        Assert.Equal(data.GetProperty("customerId").GetString(), line.GetProperty("customerId").GetString());
    }

    [Fact]
    public async Task Events_OfOneCustomer_ComeInOrder_AlsoWhenOneIsNotTakenAtFirst()
    {
        await using DestinationHost host = await DestinationHost.Start(DestinationHost.PolicyOf("message"));
        host.Receiver.Answer = static (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 503 : 204;
            context.Response.Headers.RetryAfter = number == 1 ? "1" : default;
            return Task.CompletedTask;
        };

        for (int number = 1; number <= 5; number++)
        {
            await host.Track("u-1", $"Step {number}");
        }

        List<ReceivedCallback> all = [];
        while (all.Count < 6)
        {
            all.Add(await host.Receiver.Next());
        }

        Assert.Equal(
            ["Step 1", "Step 1", "Step 2", "Step 3", "Step 4", "Step 5"],
            all.Select(one => one.Body.GetProperty("data").GetProperty("message").GetProperty("name").GetString())
        );
        Assert.Equal(all[0].Headers["webhook-id"].ToString(), all[1].Headers["webhook-id"].ToString());
        Assert.Equal(5, (await host.Deliveries("outcome=sent", 5)).Length);
    }

    [Fact]
    public async Task Merge_AndErasure_ReachWhoWasSentThePerson()
    {
        await using DestinationHost host = await DestinationHost.Start(
            DestinationHost.PolicyOf("profile.changed, customer.merged, customer.split")
        );
        await host.Grid.Send("identify", "\"anonymousId\":\"a-1\",\"traits\":{\"plan\":\"free\"}");
        await host.Identify("u-1");
        await host.Deliveries("outcome=sent", 2);

        await host.Grid.Send("identify", "\"userId\":\"u-1\",\"anonymousId\":\"a-1\"");

        ReceivedCallback merged = (await host.Receive("customer.merged"))[^1];
        string old = merged.Body.GetProperty("data").GetProperty("mergedCustomerId").GetString()!;
        string now = merged.Body.GetProperty("data").GetProperty("customerId").GetString()!;
        Assert.NotEqual(old, now);

        await host.Erase("user_id:u-1");

        ReceivedCallback erased = (await host.Receive("person.erased"))[^1];
        Assert.Equal(now, erased.Body.GetProperty("data").GetProperty("customerId").GetString());
        string identifiers = erased.Body.GetProperty("data").GetProperty("identifiers").ToString();
        Assert.Contains("u-1", identifiers, StringComparison.Ordinal);
        Assert.Contains("a-1", identifiers, StringComparison.Ordinal);
        // What was sent about her before is forgotten, too, once it is settled.
        await DestinationHost.Until(async () =>
            await host.Deliveries($"customer={now}") is [var left]
            && left.GetProperty("type").GetString() == "person.erased"
        );
    }

    [Fact]
    public async Task Refusal_ThatIsPermanent_IsADeadLetter_AndIsReplayed()
    {
        await using DestinationHost host = await DestinationHost.Start();
        host.Receiver.Answer = static (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 422 : 200;
            return Task.CompletedTask;
        };

        await host.Identify("u-1");
        JsonElement dead = Assert.Single(await host.Deliveries("outcome=failed"));
        Assert.Equal(("refused", 422), (dead.GetProperty("reason").GetString(), dead.GetProperty("status").GetInt32()));

        JsonElement replayed = await host.Do("replay");

        Assert.Equal(1, replayed.GetProperty("replayed").GetInt32());
        JsonElement sent = Assert.Single(await host.Deliveries("outcome=sent"));
        Assert.Equal(dead.GetProperty("id").GetString(), sent.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(401, "paused", "not_authorized")]
    [InlineData(410, "disabled", "gone")]
    public async Task Receiver_ThatRefusesTheKeyOrIsNoMore_IsLeftAloneUntilSomebodyResumes(
        int status,
        string becomes,
        string reason
    )
    {
        await using DestinationHost host = await DestinationHost.Start();
        host.Receiver.Answer = (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? status : 200;
            return Task.CompletedTask;
        };

        await host.Identify("u-1");
        JsonElement standing = await host.StandingWhen(one => one.GetProperty("status").GetString() == becomes);
        Assert.Equal(reason, standing.GetProperty("reason").GetString());
        Assert.Equal("grid", standing.GetProperty("by").GetString());
        await host.Identify("u-2");
        Assert.Equal(1, host.Receiver.Count);

        await host.Do("resume");

        await host.StandingWhen(one => one.GetProperty("sent").GetInt64() == 2);
        (_, JsonElement audit) = await host.Grid.Officer(HttpMethod.Get, $"/v1/audit?action=destination.{becomes}");
        Assert.Single(audit.GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Pause_KeepsWhatWaits_AndATestGoesAllTheSame()
    {
        await using DestinationHost host = await DestinationHost.Start();
        await host.Do("pause");
        await host.Identify("u-1");
        await host.Identify("u-1", """{"plan":"free"}""");

        JsonElement waiting = await host.StandingWhen(one => one.GetProperty("waiting").GetInt64() == 1);
        Assert.NotEqual(JsonValueKind.Null, waiting.GetProperty("oldestAt").ValueKind);
        Assert.True((await host.Do("test")).GetProperty("isTaken").GetBoolean());
        Assert.Equal("customer360.test", (await host.Receiver.Next()).Body.GetProperty("type").GetString());

        await host.Do("resume");

        // Two changes, and one state that is sent.
        JsonElement data = (await host.Receiver.Next()).Body.GetProperty("data");
        Assert.Equal("free", data.GetProperty("traits").GetProperty("plan").GetString());
    }

    [SdkFact]
    public async Task Deliveries_AreVerifiedByTheLibraryOfReceivers()
    {
        await using DestinationHost host = await DestinationHost.Start(
            DestinationHost.PolicyOf("profile.changed, message")
        );
        await host.Identify("u-1", """{"plan":"pro","name":"Zoë O'Neil"}""");
        await host.Track("u-1", "Order Completed");
        await host.Do("test");
        List<ReceivedCallback> sent = [];
        while (sent.Count < 3)
        {
            sent.Add(await host.Receiver.Next());
        }

        string file = Path.Combine(host.Grid.Folder, "deliveries.json");
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(
                new
                {
                    secrets = (string[])[DestinationHost.First, DestinationHost.Second],
                    deliveries = sent.Select(one => new
                    {
                        headers = one.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
                        body = Encoding.UTF8.GetString(one.Bytes),
                    }),
                }
            )
        );
        JsonElement result = await SdkScript.RunAsync("node/webhook.mjs", file);

        Assert.Equal(6, result.GetProperty("verified").GetInt32());
        Assert.Equal(6, result.GetProperty("refused").GetInt32());
    }

    [Fact]
    public async Task Destination_ThatNobodyHas_IsNotFound()
    {
        await using DestinationHost host = await DestinationHost.Start();

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await host.Grid.Officer(HttpMethod.Get, "/v1/destinations/nobody/deliveries")).Status
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await host.Grid.Officer(HttpMethod.Post, "/v1/destinations/nobody:replay")).Status
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await host.Grid.Officer(HttpMethod.Get, "/v1/destinations/hook/deliveries?outcome=lost")).Status
        );
    }
}
