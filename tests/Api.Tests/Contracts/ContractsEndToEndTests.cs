using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Contracts;

/// <summary>A release breaks an event; it waits in quarantine, is counted, and comes back once the contract is amended.</summary>
public sealed class ContractsEndToEndTests : IDisposable
{
    private const string Contract = """
        owner: {team: shop, contact: shop@example.com}
        modes: {violations: quarantine}
        contracts:
          - name: Order Completed
            versions:
              - {version: 1.0.0, schema: {required: [total], properties: {total: {type: number}}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-contracts-").FullName;

    [Fact]
    public async Task BrokenEvents_WaitInQuarantineAndComeBack_AsIfNothingHadBeen()
    {
        await using (ProfilesHost host = await Start())
        {
            await Put(host, Contract);
            await host.Collect(Batch(Order("m-1", "10"), Order("m-2", "\"20\""), Order("m-3", "\"30\"")));

            JsonElement receipts = await Receipts(host, Batch(Order("m-4", "\"40\""), Order("m-5", "50")));
            Assert.Equal(
                ["quarantined", "accepted"],
                receipts.EnumerateArray().Select(one => one.GetProperty("status").GetString())
            );
            JsonElement contract = receipts[0].GetProperty("contract");
            Assert.Equal(
                """{"name":"Order Completed","version":"1.0.0","mode":"quarantine","violations":[{"path":"properties.total","kind":"type"}]""",
                contract.GetRawText().Split(",\"policyVersion\"")[0]
            );
            await Until(async () => await CountOf(host, "Order Completed") == 2);
            Assert.Equal(3, (await Quarantined(host)).Length);
        }

        // Whatever is started anew: it waits where it did, and counts once.
        await using (ProfilesHost host = await Start())
        {
            await host.Collect(Batch(Order("m-6", "60"), Order("m-2", "\"20\"")));
            await Until(async () => await CountOf(host, "Order Completed") == 3);
            Assert.Equal(3, (await Quarantined(host)).Length);
            JsonElement counted = await Counted(host, 3);
            Assert.Equal("Order Completed", counted.GetProperty("contract").GetString());
            Assert.Equal("properties.total", counted.GetProperty("path").GetString());

            JsonElement held = await host.GetJson("/v1/receipts/m-2");
            Assert.Equal("quarantined", held.GetProperty("status").GetString());
            Assert.False(held.GetProperty("applied").GetBoolean());

            (string Place, string Reason)[] places = await Quarantined(host);
            Assert.All(places, one => Assert.Equal("contract_violated", one.Reason));
            (int status, JsonElement body) = await Retry(host, places[0].Place);
            Assert.True(status == 409, body.GetRawText());
            Assert.Equal(
                """{"matched":3,"released":0,"gone":0,"violating":3,"violations":[{"source":"web","contract":"Order Completed","path":"properties.total","kind":"type","count":3}]}""",
                (await Redrive(host, "")).GetRawText()
            );

            await Put(host, Contract.Replace("{type: number}", "{type: [number, string]}", StringComparison.Ordinal));
            (status, body) = await Retry(host, places[0].Place);
            Assert.True(status == 200, body.GetRawText());
            Assert.Equal(2, (await Quarantined(host)).Length);

            JsonElement other = await Redrive(host, "?source=crm");
            Assert.Equal("""{"matched":0,"released":0,"gone":0,"violating":0,"violations":[]}""", other.GetRawText());
            const string Filter = "source=web&contract=Order%20Completed&kind=type";
            JsonElement dry = await Redrive(host, $"?dryRun=true&{Filter}");
            Assert.Equal("""{"matched":2,"released":2,"gone":0,"violating":0,"violations":[]}""", dry.GetRawText());
            Assert.Equal(2, (await Quarantined(host)).Length);
            JsonElement done = await Redrive(host, $"?{Filter}");
            Assert.Equal(dry.GetRawText(), done.GetRawText());
            Assert.Empty(await Quarantined(host));
            await Until(async () => await CountOf(host, "Order Completed") == 6);
            Assert.Equal(0, (await Redrive(host, $"?{Filter}")).GetProperty("matched").GetInt32());
            JsonElement released = await host.GetJson("/v1/receipts/m-2");
            Assert.Equal("accepted", released.GetProperty("status").GetString());
            Assert.True(released.GetProperty("applied").GetBoolean());
            Assert.True(released.GetProperty("contract").GetProperty("released").GetBoolean());
            Assert.Equal(held.GetProperty("receivedAt").GetString(), released.GetProperty("receivedAt").GetString());
            Assert.Equal(held.GetProperty("timestamp").GetString(), released.GetProperty("timestamp").GetString());

            JsonElement contracts = await host.GetJson("/v1/contracts");
            Assert.Equal(
                "shop",
                contracts.GetProperty("contracts")[0].GetProperty("owner").GetProperty("team").GetString()
            );
        }

        await using (ProfilesHost host = await Start())
        {
            Assert.Equal(6, await CountOf(host, "Order Completed"));
            await Counted(host, 3);
        }
    }

    [Fact]
    public async Task Refusal_SaysWhatIsWrong_AndStoresNothing()
    {
        await using ProfilesHost host = await Start();
        await Put(host, Contract.Replace("quarantine", "refuse", StringComparison.Ordinal));

        (int status, JsonElement problem) = await host.PostJson(
            "/v1/track",
            ProfilesHost.CollectKey,
            Order("m-1", "\"x\"")
        );

        Assert.Equal(400, status);
        Assert.Contains("properties.total type", problem.GetRawText(), StringComparison.Ordinal);
        await host.GetProblem("/v1/receipts/m-1", 404);
    }

    [Fact]
    public async Task Annotation_OfAMessageThatCounts_StandsInTheTimeline()
    {
        await using ProfilesHost host = await Start();
        await Put(host, Contract.Replace("quarantine", "annotate", StringComparison.Ordinal));
        await host.Collect(Batch(Order("m-1", "\"x\"")));

        JsonElement shown = (await host.GetJson("/v1/profiles/user_id:u-1/timeline")).GetProperty("events")[0];

        Assert.Equal("annotate", shown.GetProperty("contract").GetProperty("mode").GetString());
    }

    [Fact]
    public async Task ProposedContracts_AreTriedOnWhatWasSent_AndInferredFromIt()
    {
        await using ProfilesHost host = await Start();
        await host.Collect(
            Batch([.. Enumerable.Range(1, 30).Select(number => Order($"m-{number}", number > 3 ? "7" : "\"x\""))])
        );
        await Until(async () => await CountOf(host, "Order Completed") == 30);

        JsonElement tried = await ResultOf(
            host,
            "/v1/contracts:try",
            JsonSerializer.Serialize(new Dictionary<string, object> { ["policy"] = Contract, ["days"] = 1 })
        );
        Assert.Equal(
            (30, 3, 3),
            (
                tried.GetProperty("messages").GetInt32(),
                tried.GetProperty("wouldBeHeld").GetInt32(),
                tried.GetProperty("examples").GetArrayLength()
            )
        );

        JsonElement inferred = await ResultOf(host, "/v1/contracts:infer", """{"source":"web"}""");
        Assert.Equal(1, inferred.GetProperty("contracts").GetInt32());
        string policy = inferred.GetProperty("policy").GetString()!;
        Assert.Contains("\"total\":{\"type\":[\"integer\",\"string\"]", policy, StringComparison.Ordinal);
        await Put(host, policy);
        JsonElement nobody = await ResultOf(host, "/v1/contracts:infer", """{"source":"nobody","days":1}""");
        Assert.Equal(0, nobody.GetProperty("contracts").GetInt32());
    }

    [Theory]
    [InlineData("/v1/contracts:try", """{"policy":"contracts: 7"}""")]
    [InlineData("/v1/contracts:try", """{"policy":"","days":0}""")]
    [InlineData("/v1/contracts:try", """{"days":1}""")]
    [InlineData("/v1/contracts:infer", """{"source":""}""")]
    [InlineData("/v1/contracts:infer", """{"sauce":"web"}""")]
    [InlineData("/v1/contracts:infer", """{"days":366}""")]
    public async Task Trial_OfWhatIsNone_IsRefused(string path, string body)
    {
        await using ProfilesHost host = await Start();

        (int status, JsonElement problem) = await host.PostJson(path, ProfilesHost.AdminKey, body);

        Assert.True(status == 400, problem.GetRawText());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<ProfilesHost> Start()
    {
        ProfilesHost host = await ProfilesHost.StartReal(_folder);
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", ProfilesHost.AdminKey);
        return host;
    }

    private static async Task Put(ProfilesHost host, string yaml)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/contracts");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.AdminKey);
        request.Content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> Receipts(ProfilesHost host, string batch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch?wait=applied");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ProfilesHost.CollectKey);
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(batch, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        JsonElement answer = ProfilesHost.Parse(await response.Content.ReadAsStringAsync());
        Assert.False(answer.GetProperty("applied").GetBoolean());
        return answer.GetProperty("receipts");
    }

    private static async Task<(string Place, string Reason)[]> Quarantined(ProfilesHost host) =>
        [
            .. (await host.GetJson("/v1/quarantine/messages"))
                .GetProperty("messages")
                .EnumerateArray()
                .Select(one =>
                    (
                        $"{one.GetProperty("partition")}-{one.GetProperty("position")}",
                        one.GetProperty("reason").GetString()!
                    )
                ),
        ];

    private static Task<(int Status, JsonElement Body)> Retry(ProfilesHost host, string place) =>
        host.PostJson($"/v1/quarantine/messages/{place}:retry", ProfilesHost.AdminKey, "{}");

    /// <summary>What a re-drive came to.</summary>
    private static Task<JsonElement> Redrive(ProfilesHost host, string query) =>
        ResultOf(host, $"/v1/quarantine:redrive{query}", "{}");

    /// <summary>What a job came to.</summary>
    private static async Task<JsonElement> ResultOf(ProfilesHost host, string begin, string body)
    {
        (int status, JsonElement job) = await host.PostJson(begin, ProfilesHost.AdminKey, body);
        Assert.True(status == 202, job.GetRawText());
        string path = $"/v1/jobs/{job.GetProperty("id").GetString()}";
        await Until(async () => (job = await host.GetJson(path)).GetProperty("status").GetString() != "running");
        Assert.True(job.GetProperty("status").GetString() == "done", job.GetRawText());
        return job.GetProperty("result");
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Counts are told with the checkpoint, a moment after the messages are in their profiles.</summary>
    private static async Task<JsonElement> Counted(ProfilesHost host, long count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            JsonElement rows = (await host.GetJson("/v1/contracts/violations?source=web&kind=type")).GetProperty(
                "violations"
            );
            if (rows.GetArrayLength() == 1 && rows[0].GetProperty("count").GetInt64() >= count)
            {
                Assert.Equal(count, rows[0].GetProperty("count").GetInt64());
                return rows[0];
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Nobody is there for the moment between the answer of collect and the profile.</summary>
    private static async Task<int> CountOf(ProfilesHost host, string name)
    {
        using HttpResponseMessage response = await host.Client.GetAsync("/v1/profiles/user_id:u-1/timeline?limit=100");
        string page = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, page);
        return page.Split($"\"{name}\"").Length - 1;
    }

    private static string Batch(params string[] messages) => $$"""{"batch":[{{string.Join(',', messages)}}]}""";

    private static string Order(string id, string total) =>
        $$$"""{"type":"track","event":"Order Completed","messageId":"{{{id}}}","userId":"u-1","properties":{"total":{{{total}}}}}""";
}
