using System.Net;
using System.Text.Json;
using Customer360.Api.Exports;

namespace Customer360.Api.Tests.Exports;

/// <summary>The mirror of the log over HTTP, on the program that users run.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task Export_OfMessages_IsReadByDuckDbWithItsPartitions()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send(
            "identify",
            "\"userId\":\"u-1\",\"traits\":{\"email\":\"jane@example.com\",\"plan\":\"pro\"}"
        );
        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"Order\",\"properties\":{\"total\":9}");
        await host.Grid.Send("page", "\"anonymousId\":\"a-2\",\"name\":\"Home\"");

        JsonElement result = await host.Export();

        Assert.True(result.GetProperty("rows").GetInt64() >= 3, $"{result}");
        Assert.Equal(
            ["identify|web|jane@example.com|pro|", "page|web|||", "track|web|||9"],
            host.Query(
                """
                select kind, source, traits->>'$.email', traits->>'$.plan', properties->>'$.total'
                from read_parquet('$mirror/events/**/*.parquet', hive_partitioning=true)
                where date = current_date order by kind
                """
            )
        );
        JsonElement manifest = host.Manifest();
        Assert.Equal("admin", manifest.GetProperty("role").GetString());
        Assert.Equal(
            3,
            manifest.GetProperty("positions").EnumerateArray().Sum(one => one.GetProperty("position").GetInt64())
        );
    }

    [Fact]
    public async Task Export_Again_WritesOnlyWhatCameSince_AndNothingTwice()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"A\"");
        await host.Export();
        string[] before = host.FilesOf("events");

        JsonElement none = await host.Export();
        Assert.Equal(0, none.GetProperty("files").GetInt32());
        Assert.Equal(before, host.FilesOf("events"));

        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"B\"");
        await host.Export();

        // The short file of before is one with what came since.
        string file = Assert.Single(host.FilesOf("events"));
        Assert.NotEqual(before[0], file);
        Assert.False(File.Exists(Path.Combine(host.Mirror, before[0])));
        Assert.Equal(
            ["A", "B"],
            host.Query("select name from read_parquet('$mirror/events/**/*.parquet') order by position")
        );
    }

    [Fact]
    public async Task Verify_OfAMirrorAsItWasWritten_FindsItTheSame()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"A\"");
        await host.Grid.Send("track", "\"userId\":\"u-2\",\"event\":\"B\"");
        await host.Export();
        // What came since is not the mirror's yet, and no difference.
        await host.Grid.Send("track", "\"userId\":\"u-3\",\"event\":\"C\"");

        JsonElement result = await host.Verify();

        Assert.True(result.GetProperty("isSame").GetBoolean(), $"{result}");
        Assert.True(result.GetProperty("rows").GetInt64() >= 2, $"{result}");
        // Who is there by now is another question.
        Assert.Contains(
            "profiles",
            result.GetProperty("notCompared").EnumerateArray().Select(table => table.GetString())
        );
    }

    [Fact]
    public async Task Export_WhenAFileWasDeleted_SaysWhichAndWhatToDo_AndARefreshMakesItAgain()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"A\"");
        await host.Export();
        string file = Assert.Single(host.FilesOf("events"));
        File.Delete(Path.Combine(host.Mirror, file));

        string failure = await host.FailToExport();
        Assert.Contains(file, failure, StringComparison.Ordinal);
        Assert.Contains("\"refresh\": true", failure, StringComparison.Ordinal);
        JsonElement differs = await host.Verify();
        Assert.Equal("fileGone", differs.GetProperty("differences")[0].GetProperty("kind").GetString());

        await host.Export("""{"refresh":true}""");
        Assert.Equal(["A"], host.Query("select name from read_parquet('$mirror/events/**/*.parquet')"));
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
    }

    [Fact]
    public async Task Export_WhereTheFolderCannotBeWritten_SaysSo()
    {
        await using ExportHost host = await ExportHost.Start();
        // A file in the folder's place: whoever runs the tests may write anywhere.
        Directory.Delete(host.Mirror);
        await File.WriteAllTextAsync(host.Mirror, "not a folder");

        string failure = await host.FailToExport();

        Assert.Contains("manifest.json can't be written", failure, StringComparison.Ordinal);
        File.Delete(host.Mirror);
        Directory.CreateDirectory(host.Mirror);
        await host.Export();
    }

    [Fact]
    public async Task Export_WhereTheMirrorIsNotInItsFolder_SaysSo_AndBeginsAnewWhenAsked()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"A\"");
        await host.Export();
        Directory.Delete(host.Mirror, recursive: true);
        Directory.CreateDirectory(host.Mirror);

        string failure = await host.FailToExport();
        JsonElement verified = await host.End("/v1/exports:verify", "{}");

        Assert.Contains("is not in its folder", failure, StringComparison.Ordinal);
        Assert.Equal(failure, verified.GetProperty("failure").GetString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.Mirror));
        await host.Export("""{"fresh":true}""");
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
    }

    [Theory]
    [InlineData("""{"tabels":[]}""")]
    [InlineData("""{"tables":[]}""")]
    [InlineData("""{"tables":["nothing"]}""")]
    [InlineData("""{"from":"yesterday"}""")]
    [InlineData("""{"from":"2026-11-02","to":"2026-11-01"}""")]
    [InlineData("""{"fresh":"yes"}""")]
    [InlineData("[]")]
    public async Task Export_WithABodyThatIsNotUnderstood_IsRefusedAndBeginsNothing(string body)
    {
        await using ExportHost host = await ExportHost.Start();

        (HttpStatusCode status, _) = await host.Grid.Officer(HttpMethod.Post, "/v1/exports", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        (_, JsonElement stands) = await host.Grid.Officer(HttpMethod.Get, "/v1/exports");
        Assert.Equal(JsonValueKind.Null, stands.GetProperty("export").ValueKind);
    }

    [Fact]
    public async Task ExportVerify_OnTheCommandLine_ExitsByWhatItFinds()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"A\"");
        await host.Export();

        (int same, string sameSaid) = await Command(host);
        File.Delete(Path.Combine(host.Mirror, host.FilesOf("events")[0]));
        (int differs, string differsSaid) = await Command(host);
        (int misunderstood, _) = await Command(host, "--tabels", "events");

        Assert.Equal(0, same);
        Assert.StartsWith("Mirror and grid are the same: ", sameSaid, StringComparison.Ordinal);
        Assert.Equal(1, differs);
        Assert.Contains("is gone.", differsSaid, StringComparison.Ordinal);
        Assert.Equal(2, misunderstood);
    }

    private static async Task<(int Exit, string Said)> Command(ExportHost host, params string[] more)
    {
        using var output = new StringWriter();
        int exit = await ExportCommand.RunAsync(
            ["verify", "--key", ProfilesHost.AdminKey, "--url", $"{host.Grid.Client.BaseAddress}", .. more],
            _ => null,
            TimeProvider.System,
            output,
            output,
            CancellationToken.None
        );
        return (exit, output.ToString());
    }
}
