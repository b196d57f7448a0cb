using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Storage.Audit;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>A process is killed in the middle of its writes, again and again on the same file.</summary>
public sealed class CrashSqliteTests : IDisposable
{
    private const int Kills = 5;
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-crash-").FullName;

    // Both are by partition: the first positions of acknowledged batches, and the positions that this test's own repeats left empty.
    private readonly Dictionary<int, HashSet<long>> _acknowledged = PerPartition();
    private readonly Dictionary<int, HashSet<long>> _empty = PerPartition();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Writes_WhenProcessIsKilled_AreAllThereOnce()
    {
        for (int kill = 1; kill <= Kills; kill++)
        {
            await WriteUntilKilledAsync(acknowledgements: 60 * kill);
            await using GridStorage storage = CrashingWriter.Create(_folder);
            await storage.InitializeAsync(CancellationToken.None);
            foreach (int partition in _acknowledged.Keys)
            {
                await AssertCompleteAsync(storage, partition);
                await AssertDecidedAsync(storage, partition);
            }

            await AssertAuditedAsync(storage);
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
            Enumerable
                .Range(1, (int)head.NextPosition - 1)
                .Select(position => (long)position)
                .Except(_empty[partition]),
            rows.Select(row => row.Position)
        );
        Assert.All(rows, row => Assert.Equal($"{partition}-{row.Position}", row.MessageId));
        Assert.All(
            _acknowledged[partition],
            first => Assert.True(first + CrashingWriter.BatchRows <= head.NextPosition)
        );
        foreach (long first in _acknowledged[partition])
        {
            string key = $"{partition}-{first}";
            Assert.NotNull(await storage.States.ReadAsync("customer", key, CancellationToken.None));
        }

        await AssertIndexedAsync(storage, partition, head, rows);
    }

    /// <summary>Each acknowledged batch has its decision.</summary>
    private async Task AssertDecidedAsync(GridStorage storage, int partition)
    {
        foreach (long first in _acknowledged[partition])
        {
            Assert.NotNull(await storage.Decisions.FindAsync($"d-{partition}-{first}", CancellationToken.None));
        }
    }

    /// <summary>However the process ended, each decision has its audit record and each record its decision, and the chains are whole.</summary>
    private async Task AssertAuditedAsync(GridStorage storage)
    {
        await using var source = AuditSource.OfSqlite(_folder);
        Assert.Empty((await source.VerifyAsync(null, CancellationToken.None)).Breaks);
        HashSet<string> decided = [];
        for (int partition = 0; partition < CrashingWriter.Partitions; partition++)
        {
            ImmutableArray<DecisionRecord> decisions = await storage.Decisions.ReadAsync(
                $"c_{partition}",
                null,
                10_000,
                CancellationToken.None
            );
            decided.UnionWith(decisions.Select(decision => decision.Id));
        }

        ImmutableArray<AuditRow> rows = await storage.AuditReader.ReadBackAsync(
            null,
            long.MaxValue,
            10_000,
            CancellationToken.None
        );
        Assert.Equal(
            decided.Order(StringComparer.Ordinal),
            rows.Select(row => AuditRecord.Read(row.Record).Entry.Id).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The index knows every row, too: each is found by its anchor, and recognised when it is sent again.</summary>
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
        _empty[partition].UnionWith(Enumerable.Range(0, rows.Length).Select(index => head.NextPosition + index));
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
        start.ArgumentList.Add(_folder);
        using Process process = Process.Start(start)!;
        int told = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split(' ');
            _acknowledged[int.Parse(parts[0], CultureInfo.InvariantCulture)]
                .Add(long.Parse(parts[1], CultureInfo.InvariantCulture));
            if (++told == acknowledgements)
            {
                // It sends SIGKILL; what was told before the death is read to the end.
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        Assert.True(told >= acknowledgements, $"The writer ended by itself, with {process.ExitCode}.");
    }
}
