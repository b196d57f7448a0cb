using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Exports;
using Customer360.Api.Tests.Privacy;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Retention;

/// <summary>Trimming the log over HTTP, on the program that users run.</summary>
public sealed class RetentionTests
{
    private const string Policy = """
        messages:
          default: {days: 365, fields: {personal: 30}}
        """;

    [Fact]
    public async Task Run_AfterADryRun_TakesOutWhatThatCounted()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await Receive(
            host,
            """
            {"type":"track","messageId":"m-1","userId":"u-1","event":"Order","properties":{"total":9,"phone":"+493012345678"}}
            """,
            daysAgo: 31
        );
        (_, JsonElement none) = await host.Officer(HttpMethod.Get, "/v1/retention");
        Assert.True(none.GetProperty("keepsAll").GetBoolean());
        Assert.Equal(JsonValueKind.Null, none.GetProperty("run").ValueKind);
        (HttpStatusCode put, JsonElement policy) = await host.Officer(HttpMethod.Put, "/v1/policies/retention", Policy);
        Assert.True(put == HttpStatusCode.OK, $"{policy}");
        string profile = $"{await host.Profile("user_id:u-1")}";

        JsonElement counted = await host.WaitForJob(await Begin(host, "?dryRun=true"));
        Assert.Contains("+493012345678", await Timeline(host), StringComparison.Ordinal);
        JsonElement taken = await host.WaitForJob(await Begin(host, ""));

        Assert.Equal(counted.GetRawText(), taken.GetRawText());
        Assert.Equal(
            """[{"rule":"messages.default.fields.personal","messages":1,"fields":1}]""",
            taken.GetProperty("rules").GetRawText()
        );
        string timeline = await Timeline(host);
        Assert.DoesNotContain("+493012345678", timeline, StringComparison.Ordinal);
        Assert.Contains("\"total\":9", timeline, StringComparison.Ordinal);
        Assert.Equal(profile, $"{await host.Profile("user_id:u-1")}");
        (_, JsonElement after) = await host.Officer(HttpMethod.Get, "/v1/retention");
        Assert.False(after.GetProperty("keepsAll").GetBoolean());
        Assert.Equal(policy.GetProperty("version").GetString(), after.GetProperty("policyVersion").GetString());
        Assert.Equal("retention", after.GetProperty("run").GetProperty("kind").GetString());
        Assert.Equal("retentionDryRun", after.GetProperty("dryRun").GetProperty("kind").GetString());
        Assert.Equal(taken.GetRawText(), after.GetProperty("run").GetProperty("result").GetRawText());
        Assert.Equal(4, await Records(host, atLeast: 4));
    }

    [Fact]
    public async Task Run_AfterOneThatFailedAtTheMirror_TakesItOutThereToo()
    {
        const string Phone = "+493012345678";
        await using ExportHost host = await ExportHost.Start();
        await Receive(
            host.Grid,
            $$$"""{"type":"track","messageId":"m-1","userId":"u-1","event":"Order","properties":{"phone":"{{{Phone}}}"}}""",
            daysAgo: 31
        );
        await host.Export();
        Assert.Equal([Phone], Phones());
        await host.Grid.Officer(HttpMethod.Put, "/v1/policies/retention", Policy);
        string manifest = Path.Combine(host.Mirror, "manifest.json");
        byte[] whole = await File.ReadAllBytesAsync(manifest);
        await File.WriteAllTextAsync(manifest, "not JSON");

        JsonElement failed = await host.End("/v1/retention:run", "");
        await File.WriteAllBytesAsync(manifest, whole);
        JsonElement next = await host.End("/v1/retention:run", "");

        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.DoesNotContain(Phone, await Timeline(host.Grid), StringComparison.Ordinal);
        Assert.True(next.GetProperty("status").GetString() == "done", $"{next}");
        Assert.Equal([""], Phones());

        string[] Phones() =>
            host.Query("select coalesce(properties->>'$.phone', '') from read_parquet('$mirror/events/**/*.parquet')");
    }

    [Theory]
    [InlineData("GET", "/v1/retention")]
    [InlineData("POST", "/v1/retention:run")]
    [InlineData("POST", "/v1/retention:run?dryRun=true")]
    public async Task Retention_WithAnyOtherKeyThanAnAdministrators_IsForbidden(string method, string path)
    {
        await using PrivacyHost host = await PrivacyHost.Start();

        foreach (string key in new[] { ProfilesHost.ReadKey, ProfilesHost.CollectKey })
        {
            (HttpStatusCode status, _) = await host.Ask(new HttpMethod(method), path, key);
            Assert.Equal(HttpStatusCode.Forbidden, status);
        }

        (_, JsonElement stands) = await host.Officer(HttpMethod.Get, "/v1/retention");
        Assert.Equal(JsonValueKind.Null, stands.GetProperty("run").ValueKind);
        Assert.Equal(JsonValueKind.Null, stands.GetProperty("dryRun").ValueKind);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("True")]
    [InlineData("1")]
    public async Task Run_WhenDryRunIsMisspelt_IsRefusedAndBeginsNothing(string word)
    {
        await using PrivacyHost host = await PrivacyHost.Start();

        (HttpStatusCode status, JsonElement problem) = await host.Officer(
            HttpMethod.Post,
            $"/v1/retention:run?dryRun={word}"
        );

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_parameter", problem.GetProperty("code").GetString());
        (_, JsonElement stands) = await host.Officer(HttpMethod.Get, "/v1/retention");
        Assert.Equal(JsonValueKind.Null, stands.GetProperty("run").ValueKind);
    }

    /// <summary>A job says that it is done a moment before that is written.</summary>
    private static async Task<int> Records(PrivacyHost host, int atLeast)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            (_, JsonElement audit) = await host.Officer(HttpMethod.Get, "/v1/audit?action=retention.&limit=10");
            int count = audit.GetProperty("entries").GetArrayLength();
            if (count >= atLeast)
            {
                return count;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<string> Begin(PrivacyHost host, string query)
    {
        (HttpStatusCode status, JsonElement job) = await host.Officer(HttpMethod.Post, $"/v1/retention:run{query}");
        Assert.True(status == HttpStatusCode.Accepted, $"{status} {job}");
        return job.GetProperty("id").GetString()!;
    }

    private static async Task<string> Timeline(PrivacyHost host)
    {
        (HttpStatusCode status, JsonElement page) = await host.Officer(
            HttpMethod.Get,
            "/v1/profiles/user_id:u-1/timeline"
        );
        Assert.Equal(HttpStatusCode.OK, status);
        return page.GetRawText();
    }

    /// <summary>Takes a message as it was taken some days ago.</summary>
    private static async Task Receive(PrivacyHost host, string message, int daysAgo)
    {
        using SentBody body = SentBody.OfMessage(Encoding.UTF8.GetBytes(message));
        Envelope envelope = host
            .Services.GetRequiredService<EnvelopeReader>()
            .Read(
                body[0],
                new MessageContext("web", TimeProvider.System.GetUtcNow().AddDays(-daysAgo), null, null, "r-1", 0)
            )
            .Value!;
        CollectReply reply = await host
            .Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IIntakeGrain>(Partitions.Of(envelope.Anchor, PrivacyHost.PartitionCount))
            .Collect(new CollectRequest([envelope], true, TimeSpan.FromSeconds(30)));
        Assert.Equal(CollectStatus.Applied, reply.Status);
    }
}
