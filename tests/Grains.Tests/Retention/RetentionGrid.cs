using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Jobs;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audit;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Retention;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Retention;

/// <summary>A grid whose messages were received forty days ago, and what tests of retention do with it.</summary>
internal sealed class RetentionGrid : IAsyncDisposable
{
    public const string ThirtyDays = """
        messages:
          default: {days: 30}
        """;

    private RetentionGrid(TestGrid grid)
    {
        Grid = grid;
        Client = new JobClient(grid);
    }

    public TestGrid Grid { get; }

    public JobClient Client { get; }

    public static async Task<RetentionGrid> Start(string policy, params (string, string)[] settings)
    {
        TestGrid grid = await TestGrid.StartAsync([
            .. settings
                .Concat([("Customer360:Jobs:Share", "1"), ("Customer360:Jobs:RetentionEvery", "00:00:00")])
                .DistinctBy(setting => setting.Item1),
        ]);
        grid.Age = TimeSpan.FromDays(40);
        var made = new RetentionGrid(grid);
        await made.Put(policy);
        return made;
    }

    public async Task Put(string policy)
    {
        PolicyReply reply = await Policies.Put(Grid, RetentionPolicyKind.KindName, policy);
        Assert.Null(reply.Objection);
        await TestGrid.Until(() => InForce == reply.Current!.Version);
    }

    /// <summary>A track call with properties, of which nothing counts, and one identifier or two.</summary>
    public static JsonObject Order(string messageId, string? userId, string? anonymousId)
    {
        JsonObject message = Track(messageId, userId, anonymousId, "Order");
        message["properties"] = new JsonObject { ["total"] = 9, ["coupon"] = "SUMMER" };
        return message;
    }

    /// <summary>Every message of the log, by id.</summary>
    public async Task<SortedDictionary<string, string>> Log()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int partition = 0; partition < Grid.Partitions; partition++)
        {
            foreach (LogRow row in await Grid.Log.ReadPartitionAsync(partition, 0, 10_000, CancellationToken.None))
            {
                found.Add(row.MessageId, System.Text.Encoding.UTF8.GetString(row.Payload.Span));
            }
        }

        return found;
    }

    /// <summary>What customers have folded under identifiers, byte for byte.</summary>
    public async Task<string[]> Folds(params string[] identifiers)
    {
        List<string> folds = [];
        foreach (string identifier in identifiers)
        {
            EntriesReply reply = await Grid
                .Grains.GetGrain<ICustomerGrain>((await Grid.OwnerOf(identifier))!)
                .GetEntries(new EntriesQuery([Identifier.Parse(identifier)]));
            FoldedEntry entry = Assert.Single(reply.Entries);
            folds.Add($"{identifier} {entry.AppliedTo} {System.Text.Encoding.UTF8.GetString(entry.FoldJson.Span)}");
        }

        return [.. folds];
    }

    /// <summary>Folds the log anew and compares it with all profiles.</summary>
    public async Task AssertRebuildIsTheSame()
    {
        (_, JsonObject check) = await Client.Run(JobKind.Check, null);
        Assert.Equal("[]", check["differences"]!.ToJsonString());
    }

    /// <summary>
    /// The records of runs, the oldest first, once there are so many: a job says that it is done a moment before that is written.
    /// </summary>
    public async Task<AuditEntry[]> Records(int count, string? jobId = null)
    {
        AuditEntry[] records = [];
        await TestGrid.UntilAsync(async () =>
        {
            ImmutableArray<AuditRow> rows = await Grid
                .Services.GetRequiredService<IAuditReader>()
                .ReadBackAsync(chain: null, long.MaxValue, limit: 1_000, CancellationToken.None);
            records =
            [
                .. rows.Select(row => AuditRecord.Read(row.Record).Entry)
                    .Where(entry => entry.Action.StartsWith("retention.", StringComparison.Ordinal))
                    .Where(entry => jobId is null || entry.ObjectId == jobId)
                    .Reverse(),
            ];
            return records.Length >= count;
        });
        return records;
    }

    public ValueTask DisposeAsync() => Grid.DisposeAsync();

    private string InForce => Grid.Services.GetRequiredService<IPolicy<RetentionPolicy>>().InForce.Body.Version;
}
