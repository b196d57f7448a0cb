using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Intake;

/// <summary>
/// A message that is sent again after a change of rules which gives it another anchor: it is still the same message, stored
/// and counted once.
/// </summary>
public sealed class ResendTests
{
    [Fact]
    public async Task Collect_WhenRulesGaveARepeatAnotherAnchor_CountsItOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        JsonObject[] messages = [.. Enumerable.Range(0, 12).Select(n => Track($"m{n}", $"u{n}", $"a{n}"))];
        ImmutableArray<StoredReceipt> first = await grid.CollectApplied(Copy(messages));
        Assert.All(first, receipt => Assert.False(receipt.Duplicate));

        await grid.PutRules(Rules.DeviceFirst);
        ImmutableArray<StoredReceipt> again = await grid.CollectApplied(Copy(messages));

        Assert.All(again, receipt => Assert.True(receipt.Duplicate));
        Assert.Equal(messages.Length, (await Logged(grid)).Length);
        for (int n = 0; n < messages.Length; n++)
        {
            Assert.Equal(1, (int)(await grid.Profile($"user_id:u{n}"))["lifecycle"]!["messageCount"]!);
        }
    }

    private static JsonObject[] Copy(params JsonObject[] messages) =>
        [.. messages.Select(message => message.DeepClone().AsObject())];

    private static async Task<LogRow[]> Logged(TestGrid grid)
    {
        List<LogRow> rows = [];
        for (int partition = 0; partition < grid.Partitions; partition++)
        {
            rows.AddRange(await grid.Log.ReadPartitionAsync(partition, 0, 1_000, CancellationToken.None));
        }

        return [.. rows];
    }

    private static class Rules
    {
        public const string DeviceFirst = """
            defaultRegion: US
            identifiers:
              anonymous_id: {priority: 1, limit: 5, kind: device}
              user_id: {priority: 2, limit: 1, trust: verified}
              email: {priority: 3, limit: 5, normalisation: email}
            """;
    }
}
