using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the log promises about appending: order, fencing, duplicates, checkpoints.</summary>
public abstract class EventLogTests(TestDatabase database)
{
    private IEventLog Log => database.Log;

    [DatabaseFact]
    public async Task Open_WhenPartitionIsNew_BeginsAtOne()
    {
        int partition = database.NewPartition();

        PartitionHead head = await Log.OpenAsync(partition, CancellationToken.None);

        Assert.Equal(new PartitionHead(partition, NextPosition: 1, Checkpoint: 0), head);
        Assert.Equal(head, await Log.OpenAsync(partition, CancellationToken.None));
    }

    [DatabaseFact]
    public async Task Append_WhenReadBack_GivesTheSameBytes()
    {
        int partition = await OpenAsync();
        ImmutableArray<LogAppend> sent = [Message(1), Message(2, anchor: "user_id:42", seconds: -5.123456)];

        AppendResult result = await Log.AppendAsync(partition, sent, CancellationToken.None);

        Assert.False(result.Fenced);
        Assert.Equal<long>([0, 0], result.Duplicates);
        ImmutableArray<LogRow> rows = await Log.ReadPartitionAsync(partition, 0, 10, CancellationToken.None);
        Assert.Equal(2, rows.Length);
        foreach ((LogAppend message, LogRow row) in sent.Zip(rows))
        {
            Assert.Equal(partition, row.Partition);
            Assert.Equal(message.Position, row.Position);
            Assert.Equal(message.MessageId, row.MessageId);
            Assert.Equal(message.Anchor, row.Anchor);
            Assert.Equal(message.Timestamp, row.Timestamp);
            Assert.Equal(message.Payload.ToArray(), row.Payload.ToArray());
        }
    }

    [DatabaseFact]
    public async Task Append_WhenPartitionWasNeverOpened_IsFenced()
    {
        AppendResult result = await Log.AppendAsync(database.NewPartition(), [Message(1)], CancellationToken.None);

        Assert.True(result.Fenced);
    }

    [DatabaseFact]
    public async Task Append_WhenAnotherWriterWasFaster_IsFencedAndStoresNothing()
    {
        int partition = await OpenAsync();
        await Log.AppendAsync(partition, Range(1, 3), CancellationToken.None);

        AppendResult late = await Log.AppendAsync(partition, Range(1, 5, prefix: "late"), CancellationToken.None);
        AppendResult early = await Log.AppendAsync(partition, Range(7, 1, prefix: "early"), CancellationToken.None);

        Assert.True(late.Fenced);
        Assert.True(early.Fenced);
        Assert.Empty(late.Duplicates);
        Assert.Equal(3, (await Log.ReadPartitionAsync(partition, 0, 10, CancellationToken.None)).Length);
        Assert.Equal(4, (await Log.OpenAsync(partition, CancellationToken.None)).NextPosition);
    }

    [DatabaseFact]
    public async Task Append_WhenTwoWritersRace_OneOfThemIsFencedEachTime()
    {
        int partition = await OpenAsync();
        long next = 1;
        for (int round = 0; round < 20; round++)
        {
            AppendResult[] results = await Task.WhenAll(
                Log.AppendAsync(partition, Range(next, 3, prefix: "a"), CancellationToken.None),
                Log.AppendAsync(partition, Range(next, 3, prefix: "b"), CancellationToken.None)
            );
            Assert.Single(results, result => result.Fenced);
            next += 3;
        }

        Assert.Equal(60, (await Log.ReadPartitionAsync(partition, 0, 100, CancellationToken.None)).Length);
    }

    [DatabaseFact]
    public async Task Append_WhenSentWithoutWaiting_IsStoredInOrder()
    {
        int partition = await OpenAsync();

        AppendResult[] results = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(index => Log.AppendAsync(partition, Range(1 + (index * 2), 2), CancellationToken.None))
        );

        Assert.DoesNotContain(results, result => result.Fenced);
        ImmutableArray<LogRow> rows = await Log.ReadPartitionAsync(partition, 0, 200, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 100).Select(position => (long)position), rows.Select(row => row.Position));
    }

    [DatabaseFact]
    public async Task Append_WhenMessageIsKnown_LeavesItOutAndNamesTheStoredOne()
    {
        int partition = await OpenAsync();
        await Log.AppendAsync(partition, Range(1, 3), CancellationToken.None);

        AppendResult result = await Log.AppendAsync(
            partition,
            [Message(4, "m-2"), Message(5, "new"), Message(6, "new"), Message(7, "m-3")],
            CancellationToken.None
        );

        Assert.Equal<long>([2, 0, 5, 3], result.Duplicates);
        ImmutableArray<LogRow> rows = await Log.ReadPartitionAsync(partition, 0, 10, CancellationToken.None);
        Assert.Equal([1, 2, 3, 5], rows.Select(row => row.Position));
        Assert.Equal(8, (await Log.OpenAsync(partition, CancellationToken.None)).NextPosition);
    }

    [DatabaseFact]
    public async Task Append_WhenEveryMessageIsKnown_MovesTheHeadOnly()
    {
        int partition = await OpenAsync();
        await Log.AppendAsync(partition, Range(1, 2), CancellationToken.None);

        AppendResult result = await Log.AppendAsync(
            partition,
            [Message(3, "m-1"), Message(4, "m-2")],
            CancellationToken.None
        );

        Assert.Equal<long>([1, 2], result.Duplicates);
        Assert.Equal(5, (await Log.OpenAsync(partition, CancellationToken.None)).NextPosition);
    }

    /// <summary>Rows go to the database in groups, so a repeat may meet one that is there or one that still waits.</summary>
    [DatabaseFact]
    public async Task Append_WhenItIsLongAndRepeatsItself_StoresEachMessageOnce()
    {
        int partition = await OpenAsync();
        ImmutableArray<LogAppend> sent =
        [
            .. Range(1, 100)
                .Select(one =>
                    one.Position switch
                    {
                        40 => one with { MessageId = "m-39" },
                        70 => one with { MessageId = "m-3" },
                        _ => one,
                    }
                ),
        ];

        AppendResult result = await Log.AppendAsync(partition, sent, CancellationToken.None);

        Assert.Equal<long>([39, 3], result.Duplicates.Where(position => position != 0));
        ImmutableArray<LogRow> rows = await Log.ReadPartitionAsync(partition, 0, 1_000, CancellationToken.None);
        Assert.Equal(
            sent.Where(one => one.Position is not (40 or 70)).Select(one => (one.Position, one.MessageId)),
            rows.Select(row => (row.Position, row.MessageId))
        );
        Assert.All(rows, row => Assert.Equal(sent[(int)row.Position - 1].Payload.ToArray(), row.Payload.ToArray()));
    }

    [DatabaseFact]
    public async Task Append_WhenOneOfManyRepeats_TheOthersOfItsTransactionAreStoredOnce()
    {
        int[] partitions = new int[20];
        for (int index = 0; index < partitions.Length; index++)
        {
            partitions[index] = await OpenAsync();
            await Log.AppendAsync(partitions[index], Range(1, 3), CancellationToken.None);
        }

        AppendResult[] results = await Task.WhenAll(
            partitions.Select(
                (partition, index) =>
                    Log.AppendAsync(partition, [Message(4, index == 7 ? "m-1" : null)], CancellationToken.None)
            )
        );

        for (int index = 0; index < partitions.Length; index++)
        {
            Assert.Equal<long>([index == 7 ? 1 : 0], results[index].Duplicates);
            var rows = await Log.ReadPartitionAsync(partitions[index], 0, 100, CancellationToken.None);
            Assert.Equal(index == 7 ? 3 : 4, rows.Length);
        }
    }

    [DatabaseFact]
    public async Task Append_WhenAnotherPartitionHoldsTheId_IsNoDuplicate()
    {
        int first = await OpenAsync();
        int second = await OpenAsync();
        await Log.AppendAsync(first, [Message(1, "same")], CancellationToken.None);

        AppendResult result = await Log.AppendAsync(second, [Message(1, "same")], CancellationToken.None);

        Assert.Equal<long>([0], result.Duplicates);
    }

    [DatabaseFact]
    public async Task Append_WhenMessageIsOld_IsRecognisedAcrossMergesAndReopening()
    {
        int partition = await OpenAsync();
        const int count = 2_000;
        for (long first = 1; first <= count; first += 20)
        {
            await Log.AppendAsync(partition, Range(first, 20, prefix: "old"), CancellationToken.None);
        }

        await AssertAllKnownAsync(count + 1);
        await database.ReopenAsync();
        await AssertAllKnownAsync((2 * count) + 1);

        async Task AssertAllKnownAsync(long next)
        {
            ImmutableArray<LogAppend> again =
            [
                .. Enumerable.Range(0, count).Select(index => Message(next + index, $"old-{index + 1}")),
            ];
            AppendResult result = await Log.AppendAsync(partition, again, CancellationToken.None);
            Assert.Equal(Enumerable.Range(1, count).Select(position => (long)position), result.Duplicates);
        }
    }

    [DatabaseFact]
    public async Task Append_WhenCallersAreMany_StoresEachOnce()
    {
        const int writers = 16;
        const int rounds = 20;
        int[] partitions = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => OpenAsync()));

        await Task.WhenAll(partitions.Select(WriteAsync));

        foreach (int partition in partitions)
        {
            ImmutableArray<LogRow> rows = await Log.ReadPartitionAsync(partition, 0, 1_000, CancellationToken.None);
            Assert.Equal(
                Enumerable.Range(1, rounds * 5).Select(number => (long)number),
                rows.Select(row => row.Position)
            );
        }

        async Task WriteAsync(int partition)
        {
            for (int round = 0; round < rounds; round++)
            {
                AppendResult result = await Log.AppendAsync(
                    partition,
                    Range(1 + (round * 5), 5),
                    CancellationToken.None
                );
                Assert.False(result.Fenced);
            }
        }
    }

    [DatabaseFact]
    public async Task Append_WhenAnotherRequestOfTheTransactionFails_IsStoredAllTheSame()
    {
        int partition = await OpenAsync();
        List<Task> poisons = [];
        List<Task<AppendResult>> appends = [];
        for (int index = 0; index < 10; index++)
        {
            appends.Add(Log.AppendAsync(partition, [Message(1 + index)], CancellationToken.None));
            poisons.Add(database.FailUnexpectedlyAsync());
        }

        AppendResult[] results = await Task.WhenAll(appends);

        Assert.DoesNotContain(results, result => result.Fenced);
        foreach (Task poison in poisons)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => poison);
        }

        Assert.Equal(10, (await Log.ReadPartitionAsync(partition, 0, 20, CancellationToken.None)).Length);
    }

    [DatabaseFact]
    public async Task Append_WhenCancelledBefore_StoresNothing()
    {
        int partition = await OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Log.AppendAsync(partition, [Message(1)], new CancellationToken(canceled: true))
        );

        Assert.Equal(1, (await Log.OpenAsync(partition, CancellationToken.None)).NextPosition);
    }

    [DatabaseFact]
    public async Task Append_WhenArgumentsAreImpossible_ThrowsWithoutNamingValues()
    {
        int partition = await OpenAsync();
        LogAppend good = Message(1);
        ImmutableArray<LogAppend>[] impossible =
        [
            [good with { Position = 0 }],
            [good, good with { Position = 3 }],
            [good with { MessageId = "secret\0" }],
            [good with { MessageId = "secret\ud800" }],
            [good with { Anchor = "" }],
            [good with { Anchor = "secret" + new string('x', 2_000) }],
            [good with { Payload = default }],
        ];
        foreach (ImmutableArray<LogAppend> messages in impossible)
        {
            ArgumentException refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() =>
                Log.AppendAsync(partition, messages, CancellationToken.None)
            );
            Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [DatabaseFact]
    public async Task SaveCheckpoint_WhenLower_DoesNotMoveBack()
    {
        int partition = await OpenAsync();
        await Log.AppendAsync(partition, Range(1, 9), CancellationToken.None);

        await Log.SaveCheckpointAsync(partition, 7, CancellationToken.None);
        await Log.SaveCheckpointAsync(partition, 4, CancellationToken.None);
        await database.ReopenAsync();

        Assert.Equal(
            new PartitionHead(partition, NextPosition: 10, Checkpoint: 7),
            await Log.OpenAsync(partition, CancellationToken.None)
        );
    }

    [DatabaseFact]
    public async Task ReadPartition_WhenPaged_GivesEveryRowOnce()
    {
        int partition = await OpenAsync();
        int neighbour = await OpenAsync();
        await Log.AppendAsync(partition, Range(1, 25), CancellationToken.None);
        await Log.AppendAsync(neighbour, Range(1, 25), CancellationToken.None);

        List<long> positions = [];
        ImmutableArray<LogRow> page;
        do
        {
            long after = positions.Count == 0 ? 0 : positions[^1];
            page = await Log.ReadPartitionAsync(partition, after, 10, CancellationToken.None);
            positions.AddRange(page.Select(row => row.Position));
        } while (page.Length == 10);

        Assert.Equal(Enumerable.Range(1, 25).Select(position => (long)position), positions);
    }

    private async Task<int> OpenAsync()
    {
        int partition = database.NewPartition();
        await Log.OpenAsync(partition, CancellationToken.None);
        return partition;
    }
}
