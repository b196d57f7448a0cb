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
            ["decisions.json", "events.ndjson", "identifiers.json", "index.html", "manifest.json", "profile.json"],
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
        Assert.DoesNotContain("decisions.json", files.Keys);
    }

    [Fact]
    public async Task Begin_WhenTheTypeIsNotCarriedOut_SaysSo()
    {
        await using PrivacyHost host = await PrivacyHost.Start();

        (HttpStatusCode status, JsonElement problem) = await host.Officer(
            HttpMethod.Post,
            "/v1/privacy/requests",
            """{"type":"objection","identifiers":["email:amy@example.com"]}"""
        );

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("type_not_supported", problem.GetProperty("code").GetString());
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
