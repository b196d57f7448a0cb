using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Tests.Privacy;

/// <summary>What a person is given who asks what is known of her.</summary>
public sealed class PackageTests
{
    private const string Jane = "jane.doe-118@example.com";

    [Fact]
    public async Task Fetch_WhenAPersonAsksToSee_GivesAllOfHersOnceAndNothingOfOthers()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}","name":"Jane"} """);
        await host.Send("identify", """ "userId":"bob-user-22","anonymousId":"bobs-device-01" """);
        // Her message came from Bob's device, which stays his.
        await host.Send("track", """ "userId":"jane-user-1","anonymousId":"bobs-device-01","event":"Bought" """);
        string id = await host.Begin($$"""{"type":"access","identifiers":["email:{{Jane}}"]}""");
        JsonElement done = await host.WaitFor(id, "done");
        Assert.Equal(0, done.GetProperty("identifiers").GetArrayLength());

        (_, JsonElement link) = await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:link");
        string path = link.GetProperty("path").GetString()!;
        Dictionary<string, string> files = await Unpack(await host.Fetch(path));

        Assert.Equal(
            [
                "consents.json",
                "decisions.json",
                "deliveries.json",
                "events.ndjson",
                "identifiers.json",
                "index.html",
                "leads.json",
                "manifest.json",
                "merges.json",
                "profile.json",
                "requests.json",
            ],
            files.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Contains(Jane, files["profile.json"], StringComparison.Ordinal);
        Assert.Equal(2, files["events.ndjson"].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(files.Values, text => Assert.DoesNotContain("bobs-device-01", text, StringComparison.Ordinal));
        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        foreach (JsonElement file in manifest.RootElement.GetProperty("files").EnumerateArray())
        {
            byte[] bytes = Encoding.UTF8.GetBytes(files[file.GetProperty("path").GetString()!]);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.GetProperty("sha256").GetString());
            Assert.Equal(bytes.Length, file.GetProperty("bytes").GetInt64());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await host.Officer(HttpMethod.Get, path)).Status);
    }

    [Fact]
    public async Task Fetch_WhenTheLinkIsOldOrWrong_LooksAsIfThereWereNone()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        string id = await host.Begin($$"""{"type":"portability","identifiers":["email:{{Jane}}"]}""");
        await host.WaitFor(id, "done");
        (_, JsonElement first) = await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:link");
        (_, JsonElement second) = await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:link");

        foreach (
            string path in new[]
            {
                first.GetProperty("path").GetString()!,
                $"/v1/privacy/packages/{id}/{new string('0', 64)}",
                $"/v1/privacy/packages/{id}/x",
                $"/v1/privacy/packages/p_{new string('0', 32)}/{new string('0', 64)}",
            }
        )
        {
            (HttpStatusCode status, JsonElement problem) = await host.Officer(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Equal("not_found", problem.GetProperty("code").GetString());
        }

        Dictionary<string, string> files = await Unpack(await host.Fetch(second.GetProperty("path").GetString()!));
        Assert.Equal(
            ["events.ndjson", "identifiers.json", "index.html", "manifest.json", "profile.json"],
            files.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Fetch_OfWhoAskedAndSaidThingsBefore_TellsTheirHistoryAndNobodyElses()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        // Two customers, until she says that she is both.
        await host.Send("track", """ "userId":"jane-user-1","event":"Came" """);
        await host.Send("track", """ "anonymousId":"jane-device-0001","event":"Seen" """);
        await host.Send("identify", """ "userId":"bob-user-22","traits":{"email":"bob@example.com"} """);
        await host.Send(
            "identify",
            $$"""
            "userId":"jane-user-1","anonymousId":"jane-device-0001","traits":{"email":"{{Jane}}","name":"Jane"},
            "context":{"consent":{"categoryPreferences":{"ads":false} } }
            """
        );
        // Bob's address came with a message of hers, and is his.
        await host.Send(
            "identify",
            """ "userId":"jane-user-1","traits":{"partner":"bob@example.com"},"context":{"traits":{"email":"bob@example.com"}} """
        );
        await Done(host, $$"""{"type":"objection","identifiers":["email:{{Jane}}"]}""");
        await Done(
            host,
            $$"""{"type":"rectification","identifiers":["email:{{Jane}}"],"traits":{"name":"Jane Roe"} }"""
        );
        await Done(host, """{"type":"objection","identifiers":["email:bob@example.com"]}""");
        string id = await Done(host, $$"""{"type":"access","identifiers":["email:{{Jane}}"]}""");
        (_, JsonElement link) = await host.Officer(HttpMethod.Post, $"/v1/privacy/requests/{id}:link");

        Dictionary<string, string> files = await Unpack(await host.Fetch(link.GetProperty("path").GetString()!));

        JsonElement consents = Json(files["consents.json"]);
        Assert.Contains(consents.EnumerateArray(), one => one.GetProperty("form").GetString() == "segment");
        Assert.Contains(
            consents.EnumerateArray(),
            one => one.GetProperty("purpose").GetString() == "profiling" && one.GetProperty("form").GetString() == "api"
        );
        Assert.Equal(
            "merged",
            Assert.Single(Json(files["merges.json"]).EnumerateArray()).GetProperty("kind").GetString()
        );
        Assert.Equal(
            ["objection", "rectification", "access"],
            Json(files["requests.json"]).EnumerateArray().Select(one => one.GetProperty("type").GetString())
        );
        JsonElement change = Json(files["requests.json"])[1].GetProperty("changes")[0];
        Assert.Equal("Jane Roe", change.GetProperty("after").GetString());
        Assert.Equal(0, Json(files["deliveries.json"]).GetArrayLength());
        JsonElement deliveries = Json(files["manifest.json"])
            .GetProperty("files")
            .EnumerateArray()
            .Single(one => one.GetProperty("path").GetString() == "deliveries.json");
        Assert.Contains("sends to nobody", deliveries.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Contains("sends to nobody", files["index.html"], StringComparison.Ordinal);
        Assert.All(files, file => Assert.DoesNotContain("bob", file.Value, StringComparison.OrdinalIgnoreCase));
        // Nobody who works here is named.
        Assert.DoesNotContain("operator", files["requests.json"], StringComparison.Ordinal);
    }

    private static async Task<string> Done(PrivacyHost host, string body)
    {
        string id = await host.Begin(body);
        await host.WaitFor(id, "done");
        return id;
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static async Task<Dictionary<string, string>> Unpack(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using StreamReader reader = new(await entry.OpenAsync(), Encoding.UTF8);
            files.Add(entry.FullName, await reader.ReadToEndAsync());
        }

        return files;
    }
}
