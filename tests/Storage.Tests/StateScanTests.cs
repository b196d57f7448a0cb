using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;

namespace Customer360.Storage.Tests;

/// <summary>A scan reads every state of a kind once, by key.</summary>
public abstract class StateScanTests(TestDatabase database)
{
    [DatabaseFact]
    public async Task ReadPage_WhenReadToTheEnd_GivesEveryStateOnce()
    {
        string[] keys = ["email:b@x", "email:Z", "phone:+1", "user_id:Zoë", "user_id:a"];
        foreach (string key in keys.Reverse())
        {
            await database.Storage.States.WriteAsync(
                "identifier",
                key,
                Encoding.UTF8.GetBytes($$"""{"owner":"{{key}}"}"""),
                0,
                CancellationToken.None
            );
        }

        List<string> read = [];
        ImmutableArray<ScannedState> page;
        do
        {
            page = await database.Storage.Scan.ReadPageAsync(
                "identifier",
                read.LastOrDefault(""),
                2,
                CancellationToken.None
            );
            read.AddRange(page.Select(state => state.Key));
            Assert.All(
                page,
                state => Assert.Equal($$"""{"owner":"{{state.Key}}"}""", Encoding.UTF8.GetString(state.Json.Span))
            );
        } while (page.Length == 2);

        Assert.Equal(keys.Order(StringComparer.Ordinal), read);
    }

    [DatabaseFact]
    public async Task ReadPage_WhenTheKindHasNoTable_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            database.Storage.Scan.ReadPageAsync("other", "", 10, CancellationToken.None)
        );
}
