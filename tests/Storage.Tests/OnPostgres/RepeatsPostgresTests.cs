using Customer360.Rules.Ports;
using Customer360.Storage.Postgres;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests.OnPostgres;

/// <summary>Repeats that nobody looked for, and repeats while they are looked for.</summary>
[NeedsPostgres]
public sealed class RepeatsPostgresTests(PostgresTestDatabase database) : IClassFixture<PostgresTestDatabase>
{
    [DatabaseFact]
    public async Task Append_WhenRepeatsAreMetForTheFirstTimeAndAgain_TellsWhereTheyAre()
    {
        // Of its own: it has met no repeat yet.
        await using GridStorage storage = database.Create();
        await storage.InitializeAsync(CancellationToken.None);
        int partition = database.NewPartition();
        await storage.EventLog.OpenAsync(partition, CancellationToken.None);
        await storage.EventLog.AppendAsync(partition, Range(1, 3), CancellationToken.None);

        for (long next = 4; next <= 8; next += 2)
        {
            AppendResult result = await storage.EventLog.AppendAsync(
                partition,
                [Message(next, "m-2"), Message(next + 1)],
                CancellationToken.None
            );
            Assert.False(result.Fenced);
            Assert.Equal([2L, 0L], result.Duplicates.AsEnumerable());
        }

        var rows = await storage.EventLog.ReadPartitionAsync(partition, 0, 100, CancellationToken.None);
        Assert.Equal([1L, 2L, 3L, 5L, 7L, 9L], rows.Select(row => row.Position));
    }

    [DatabaseFact]
    public async Task Append_WhenOneOfManyRepeats_TheOthersOfItsTransactionAreStoredOnce()
    {
        await using GridStorage storage = database.Create();
        await storage.InitializeAsync(CancellationToken.None);
        int[] partitions = [.. Enumerable.Range(0, 20).Select(_ => database.NewPartition())];
        foreach (int partition in partitions)
        {
            await storage.EventLog.OpenAsync(partition, CancellationToken.None);
            await storage.EventLog.AppendAsync(partition, Range(1, 3), CancellationToken.None);
        }

        AppendResult[] results = await Task.WhenAll(
            partitions.Select(
                (partition, index) =>
                    storage.EventLog.AppendAsync(
                        partition,
                        [Message(4, index == 7 ? "m-1" : null)],
                        CancellationToken.None
                    )
            )
        );
        Task<long?>[] states =
        [
            .. partitions.Select(partition =>
                storage.States.WriteAsync("customer", $"r_{partition}", "{}"u8.ToArray(), 0, CancellationToken.None)
            ),
        ];

        Assert.All(await Task.WhenAll(states), version => Assert.Equal(1, version));
        for (int index = 0; index < partitions.Length; index++)
        {
            Assert.Equal([index == 7 ? 1L : 0L], results[index].Duplicates.AsEnumerable());
            var rows = await storage.EventLog.ReadPartitionAsync(partitions[index], 0, 100, CancellationToken.None);
            Assert.Equal(index == 7 ? 3 : 4, rows.Length);
        }
    }

    [Fact]
    public void Repeats_WhenOneWasMet_AreLikelyForTenSeconds()
    {
        var time = new ManualTime();
        var repeats = new RecentRepeats(time);
        Assert.False(repeats.AreLikely);

        repeats.Note();

        Assert.True(repeats.AreLikely);
        time.Now += TimeSpan.FromSeconds(9.9);
        Assert.True(repeats.AreLikely);
        time.Now += TimeSpan.FromSeconds(0.2);
        Assert.False(repeats.AreLikely);
    }

    private sealed class ManualTime : TimeProvider
    {
        /// <summary>Since some moment before the test.</summary>
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
