using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>A process is killed in the middle of its writes, again and again on the same file.</summary>
public sealed class CrashSqliteTests : IDisposable
{
    private const int Kills = 5;
    private readonly string folder = Directory.CreateTempSubdirectory("c360-crash-").FullName;

    // By partition: the first positions of acknowledged batches; the positions that this test's own repeats left empty.
    private readonly Dictionary<int, HashSet<long>> acknowledged = PerPartition();
    private readonly Dictionary<int, HashSet<long>> empty = PerPartition();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Writes_WhenProcessIsKilled_AreAllThereOnce()
    {
        for (int kill = 1; kill <= Kills; kill++)
        {
            await WriteUntilKilledAsync(acknowledgements: 60 * kill);
            await using GridStorage storage = CrashingWriter.Create(folder);
            await storage.InitializeAsync(CancellationToken.None);
            foreach (int partition in acknowledged.Keys)
            {
                await AssertCompleteAsync(storage, partition);
            }
        }
    }

    private static Dictionary<int, HashSet<long>> PerPartition() =>
        Enumerable.Range(0, CrashingWriter.Partitions).ToDictionary(partition => partition, _ => new HashSet<long>());

    private async Task AssertCompleteAsync(GridStorage storage, int partition)
    {
        PartitionHead head = await storage.EventLog.OpenAsync(partition, CancellationToken.None);
        ImmutableArray<LogRow> rows = await storage.EventLog.ReadPartitionAsync(
            partition,
            0,
            10_000,
            CancellationToken.None
        );

        // Every batch is whole, none is there twice, and none that was acknowledged is missing.
        Assert.Equal(
            Enumerable.Range(1, (int)head.NextPosition - 1).Select(position => (long)position).Except(empty[partition]),
            rows.Select(row => row.Position)
        );
        Assert.All(rows, row => Assert.Equal($"{partition}-{row.Position}", row.MessageId));
        Assert.All(
            acknowledged[partition],
            first => Assert.True(first + CrashingWriter.BatchRows <= head.NextPosition)
        );
        foreach (long first in acknowledged[partition])
        {
            string key = $"{partition}-{first}";
            Assert.NotNull(await storage.States.ReadAsync("customer", key, CancellationToken.None));
        }

        await AssertIndexedAsync(storage, partition, head, rows);
    }

    /// <summary>The index knows every row too: each is found by its anchor, and recognised when it is sent again.</summary>
    private async Task AssertIndexedAsync(
        GridStorage storage,
        int partition,
        PartitionHead head,
        ImmutableArray<LogRow> rows
    )
    {
        int found = 0;
        for (int anchor = 0; anchor < 5; anchor++)
        {
            ImmutableArray<LogRow> timeline = await storage.EventLog.ReadTimelineAsync(
                new TimelineQuery(
                    [$"user_id:{anchor}"],
                    DateTimeOffset.MinValue,
                    DateTimeOffset.MaxValue,
                    Descending: true,
                    Limit: 10_000,
                    After: null
                ),
                CancellationToken.None
            );
            found += timeline.Count(row => row.Partition == partition);
        }

        Assert.Equal(rows.Length, found);
        AppendResult again = await storage.EventLog.AppendAsync(
            partition,
            [.. rows.Select((row, index) => LogMessages.Message(head.NextPosition + index, row.MessageId))],
            CancellationToken.None
        );
        Assert.Equal(rows.Select(row => row.Position), again.Duplicates);
        empty[partition].UnionWith(Enumerable.Range(0, rows.Length).Select(index => head.NextPosition + index));
    }

    private async Task WriteUntilKilledAsync(int acknowledgements)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(CrashSqliteTests).Assembly.Location);
        start.ArgumentList.Add(CrashingWriter.Command);
        start.ArgumentList.Add(folder);
        using Process process = Process.Start(start)!;
        int told = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split(' ');
            acknowledged[int.Parse(parts[0], CultureInfo.InvariantCulture)]
                .Add(long.Parse(parts[1], CultureInfo.InvariantCulture));
            if (++told == acknowledgements)
            {
                // SIGKILL; what was told before it died is read to the end.
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        Assert.True(told >= acknowledgements, $"The writer ended by itself, with {process.ExitCode}.");
    }
}
