using System.Text.Json;

namespace Customer360.Api.Tests.Exports;

/// <summary>The tables of people, identity and consent; what an erasure and a trimming make of them; and the queries of docs/warehouse.md.</summary>
public sealed class WarehouseTests
{
    [Fact]
    public async Task Graph_AsOfADayBeforeAMerge_HasBothCustomers_AndNowOne()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("identify", "\"userId\":\"u-1\",\"timestamp\":\"2026-11-01T10:00:00Z\"");
        await host.Grid.Send("page", "\"anonymousId\":\"a-2\",\"timestamp\":\"2026-11-02T10:00:00Z\"");
        await host.Grid.Send(
            "identify",
            "\"userId\":\"u-1\",\"anonymousId\":\"a-2\",\"timestamp\":\"2026-11-10T10:00:00Z\""
        );
        await host.Export();

        string query = MirrorText.Documented("identity graph");
        string before = query.Replace("2026-11-27", "2026-11-05", StringComparison.Ordinal);

        string[] then = host.Query(before);
        string[] now = host.Query(query);

        Assert.Equal(2, then.Length);
        Assert.All(then, row => Assert.EndsWith("|1", row, StringComparison.Ordinal));
        string one = Assert.Single(now);
        Assert.EndsWith("|anonymous_id:a-2, user_id:u-1|2", one, StringComparison.Ordinal);
        Assert.Equal(
            ["merged|1"],
            host.Query("select kind, identifiers from read_parquet('$mirror/merges_and_splits/*.parquet')")
        );
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
    }

    [Fact]
    public async Task Graph_AfterASplit_EndsWhereTheSplitBegan_AndIsOpenAtTheNewCustomer()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("identify", "\"userId\":\"u-1\",\"anonymousId\":\"a-2\"");
        (_, JsonElement split) = await host.Grid.Officer(
            HttpMethod.Post,
            "/v1/profiles/user_id:u-1/split",
            """{"identifiers":["anonymous_id:a-2"],"reason":"two people"}"""
        );
        Assert.True(
            split.TryGetProperty("customerId", out _) || split.TryGetProperty("newCustomerId", out _),
            $"{split}"
        );
        await host.Export();

        Assert.Equal(
            ["created|split|False", "split||True"],
            host.Query(
                """
                select began_as, ended_as, valid_to is null from read_parquet('$mirror/identity_graph/*.parquet')
                where identifier_value = 'a-2' order by valid_to is null
                """
            )
        );
        // Every identifier is open at one customer, and that is whose it is.
        Assert.Equal(
            ["0"],
            host.Query(
                """
                select count(*) from (
                  (select identifier_key, customer_id from read_parquet('$mirror/identity_graph/*.parquet') where valid_to is null
                   except select identifier_key, customer_id from read_parquet('$mirror/identifiers/*.parquet'))
                  union all
                  (select identifier_key, customer_id from read_parquet('$mirror/identifiers/*.parquet')
                   except select identifier_key, customer_id from read_parquet('$mirror/identity_graph/*.parquet') where valid_to is null)
                )
                """
            )
        );
    }

    [Fact]
    public async Task Consents_OfAPerson_AreAHistory()
    {
        await using ExportHost host = await ExportHost.Start();
        foreach ((string said, string at) in ((string, string)[])[("true", "2026-11-01"), ("false", "2026-11-20")])
        {
            await host.Grid.Send(
                "identify",
                $"\"userId\":\"u-1\",\"timestamp\":\"{at}T10:00:00Z\",\"context\":{{\"consent\":{{\"categoryPreferences\":{{\"analytics\":{said}}}}}}}"
            );
        }

        await host.Export();

        Assert.Equal(
            ["analytics|granted|2026-11-01 10:00:00|2026-11-20 10:00:00", "analytics|denied|2026-11-20 10:00:00|"],
            host.Query(
                $"select purpose, status, valid_from::varchar, next_word_at::varchar from ({MirrorText.Documented("consent history")}) order by valid_from"
            )
        );
    }

    [Fact]
    public async Task Mirror_OfARoleThatSeesLess_HasMasksAndNoDecisions()
    {
        await using ExportHost host = await ExportHost.Start("analytics", "analytics");
        await host.Grid.Send(
            "identify",
            "\"userId\":\"u-1\",\"traits\":{\"email\":\"jane@example.com\",\"ssn\":\"078-05-1120\"}"
        );

        JsonElement result = await host.Export();

        Assert.Equal(
            "identity_graph,merges_and_splits,leads,lead_stages,routing_decisions,audience_changes,deliveries,policies",
            string.Join(',', result.GetProperty("notSeen").EnumerateArray().Select(one => one.GetString()))
        );
        string everything = await MirrorText.Everything(host);
        Assert.DoesNotContain("jane@", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("078-05-1120", everything, StringComparison.Ordinal);
        Assert.Contains("example.com", everything, StringComparison.Ordinal);
        // Where the value is a mask the key still joins a message with whose it is.
        Assert.Equal(
            ["1"],
            host.Query(
                """
                select count(*) from read_parquet('$mirror/events/**/*.parquet') e
                join read_parquet('$mirror/identifiers/*.parquet') i on i.identifier_key = e.anchor_key
                """
            )
        );
    }

    [Fact]
    public async Task Erasure_OfAPerson_LeavesNothingOfHerInTheRawFiles()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send(
            "identify",
            "\"userId\":\"u-jane-doe\",\"traits\":{\"email\":\"jane.doe@example.com\",\"phone\":\"+493012345678\"}"
        );
        await host.Grid.Send(
            "track",
            "\"userId\":\"u-jane-doe\",\"event\":\"Order\",\"properties\":{\"note\":\"for Jane\"}"
        );
        await host.Grid.Send(
            "track",
            "\"userId\":\"u-bob-else\",\"event\":\"Invited\",\"properties\":{\"friend\":\"jane.doe@example.com\"}"
        );
        await host.Export();
        string before = await MirrorText.Everything(host);
        Assert.Contains("jane.doe@example.com", before, StringComparison.Ordinal);
        string[] files = [.. host.FilesOf("events")];

        await host.Grid.Erase("user_id:u-jane-doe");

        string after = await MirrorText.Everything(host);
        foreach (string value in (string[])["jane.doe@example.com", "u-jane-doe", "+493012345678", "for Jane"])
        {
            Assert.DoesNotContain(value, after, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("u-bob-else", after, StringComparison.Ordinal);
        Assert.Contains("Invited", after, StringComparison.Ordinal);
        // What is nobody's stays as it was; of a file that was written anew nothing is left under its old name.
        Assert.All(
            files.Except(host.FilesOf("events")),
            gone => Assert.False(File.Exists(Path.Combine(host.Mirror, gone)))
        );
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
    }

    [Fact]
    public async Task Erasure_WhileTheMirrorIsNotMounted_IsNotDone_AndIsWhenItIsThere()
    {
        const string Email = "jane.doe@example.com";
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("identify", $"\"userId\":\"u-jane\",\"traits\":{{\"email\":\"{Email}\"}}");
        await host.Export();
        string elsewhere = $"{host.Mirror}-elsewhere";
        Directory.Move(host.Mirror, elsewhere);
        Directory.CreateDirectory(host.Mirror);

        string request = await host.Grid.Begin("""{"type":"erasure","identifiers":["user_id:u-jane"]}""");
        string failure = await host.Grid.WaitForFailure("erasure");
        (_, JsonElement waiting) = await host.Grid.Officer(HttpMethod.Get, $"/v1/privacy/requests/{request}");
        Directory.Delete(host.Mirror);
        Directory.Move(elsewhere, host.Mirror);
        await host.Grid.WaitFor(request, "done");

        Assert.Contains("is not in its folder", failure, StringComparison.Ordinal);
        Assert.NotEqual("done", waiting.GetProperty("status").GetString());
        Assert.DoesNotContain(Email, await MirrorText.Everything(host), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SourcesYaml_NamesEveryTableWithItsColumns()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("identify", "\"userId\":\"u-1\",\"traits\":{\"plan\":\"pro\"}");
        await host.Export();

        string yaml = await File.ReadAllTextAsync(Path.Combine(host.Mirror, "sources.yml"));

        foreach (JsonElement table in host.Manifest().GetProperty("tables").EnumerateArray())
        {
            Assert.Contains($"      - name: {table.GetProperty("name").GetString()}\n", yaml, StringComparison.Ordinal);
            foreach (JsonElement column in table.GetProperty("columns").EnumerateArray())
            {
                Assert.Contains(
                    $"          - name: {column.GetProperty("name").GetString()}\n",
                    yaml,
                    StringComparison.Ordinal
                );
            }
        }
    }

    [Fact]
    public async Task Reconciliation_OfTheManifestWithTheFiles_FindsNoDifference()
    {
        await using ExportHost host = await ExportHost.Start();
        await host.Grid.Send("track", "\"userId\":\"u-1\",\"event\":\"A\"");
        await host.Grid.Send("track", "\"userId\":\"u-2\",\"event\":\"B\"");
        await host.Export();

        string[] rows = host.Query(MirrorText.Documented("reconciliation"));

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.EndsWith("|0", row, StringComparison.Ordinal));
    }
}
