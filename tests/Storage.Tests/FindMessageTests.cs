using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the log promises about finding a message by its id alone.</summary>
public abstract class FindMessageTests(TestDatabase database)
{
    private IEventLog Log => database.Log;

    [DatabaseFact]
    public async Task Find_WhenStored_GivesTheRow()
    {
        int partition = await OpenAsync();
        await Log.AppendAsync(partition, Range(1, 3, prefix: "plain"), CancellationToken.None);

        LogRow row = Assert.Single(await Log.FindMessageAsync("plain-2", CancellationToken.None));

        LogRow stored = (await Log.ReadPartitionAsync(partition, 1, 1, CancellationToken.None))[0];
        Assert.Equal(stored with { Payload = default }, row with { Payload = default });
        Assert.Equal(stored.Payload.ToArray(), row.Payload.ToArray());
    }

    [DatabaseFact]
    public async Task Find_WhenUnknown_IsEmpty()
    {
        int partition = await OpenAsync();
        await Log.AppendAsync(partition, [Message(1, "Case-1")], CancellationToken.None);

        Assert.Empty(await Log.FindMessageAsync("case-1", CancellationToken.None));
        Assert.Empty(await Log.FindMessageAsync("nobody's", CancellationToken.None));
    }

    [DatabaseFact]
    public async Task Find_WhenPartitionsShareAnId_GivesEachByPartition()
    {
        int first = await OpenAsync();
        int second = await OpenAsync();
        await Log.AppendAsync(second, [Message(1, "shared", anchor: "user_id:2")], CancellationToken.None);
        await Log.AppendAsync(first, [Message(1, "shared", anchor: "user_id:1")], CancellationToken.None);

        ImmutableArray<LogRow> rows = await Log.FindMessageAsync("shared", CancellationToken.None);

        Assert.Equal([first, second], rows.Select(row => row.Partition));
        Assert.Equal(["user_id:1", "user_id:2"], rows.Select(row => row.Anchor));
    }

    [DatabaseFact]
    public async Task Find_WhenHistoryIsLong_FindsEachAcrossMergesAndReopening()
    {
        // There are more rows than memory keeps: the oldest are in merged runs, some in fresh ones, the last in memory.
        int partition = await OpenAsync();
        const int count = 2_000;
        for (long first = 1; first <= count; first += 20)
        {
            await Log.AppendAsync(partition, Range(first, 20, prefix: "long"), CancellationToken.None);
        }

        await AssertAllFoundAsync();
        await database.ReopenAsync();
        await AssertAllFoundAsync();

        async Task AssertAllFoundAsync()
        {
            ImmutableArray<LogRow>[] answers = await Task.WhenAll(
                Enumerable
                    .Range(1, count)
                    .Select(position => Log.FindMessageAsync($"long-{position}", CancellationToken.None))
            );
            Assert.Equal(
                Enumerable.Range(1, count).Select(position => (long)position),
                answers.Select(rows => Assert.Single(rows).Position)
            );
        }
    }

    [DatabaseFact]
    public async Task Find_WhileOthersAppend_FindsWhatWasAcknowledged()
    {
        int[] partitions = [await OpenAsync(), await OpenAsync()];

        await Task.WhenAll(partitions.Select(WriteAndFindAsync));

        async Task WriteAndFindAsync(int partition)
        {
            for (long position = 1; position <= 300; position++)
            {
                string id = $"live-{partition}-{position}";
                await Log.AppendAsync(partition, [Message(position, id)], CancellationToken.None);
                LogRow row = Assert.Single(await Log.FindMessageAsync(id, CancellationToken.None));
                Assert.Equal((partition, position), (row.Partition, row.Position));
            }
        }
    }

    [DatabaseFact]
    public async Task Find_WhenTheAppendFailed_FindsNothing()
    {
        int partition = await OpenAsync();
        AppendResult fenced = await Log.AppendAsync(partition, [Message(7, "fenced")], CancellationToken.None);

        Assert.True(fenced.Fenced);
        Assert.Empty(await Log.FindMessageAsync("fenced", CancellationToken.None));
    }

    [DatabaseFact]
    public async Task Find_WhenTheIdIsImpossible_ThrowsWithoutNamingIt()
    {
        foreach (string impossible in new[] { "", "secret\0", "secret\ud800", "secret" + new string('x', 2_000) })
        {
            ArgumentException refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() =>
                Log.FindMessageAsync(impossible, CancellationToken.None)
            );
            Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        }
    }

    private async Task<int> OpenAsync()
    {
        int partition = database.NewPartition();
        await Log.OpenAsync(partition, CancellationToken.None);
        return partition;
    }
}
