using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>Writes without end and tells each acknowledgement, until it is killed.</summary>
internal static class CrashingWriter
{
    public const string Command = "write-until-killed";
    public const int Partitions = 4;
    public const int BatchRows = 7;

    public static GridStorage Create(string folder) =>
        SqliteStorage.Create(
            new SqliteStorageOptions
            {
                DataFolder = folder,

                // The index is small, so that a kill meets runs that are being written, merged and removed.
                RecentRowsMax = 50,
                CheckpointPages = 50,
            },
            TimeProvider.System,
            NullLogger.Instance
        );

    /// <summary>What partition and position a message has is told by its id.</summary>
    public static ImmutableArray<LogAppend> Batch(int partition, long first) =>
        [
            .. Enumerable
                .Range(0, BatchRows)
                .Select(index =>
                    Message(first + index, $"{partition}-{first + index}", $"user_id:{(first + index) % 5}")
                ),
        ];

    /// <summary>One of each batch, written behind it.</summary>
    public static DecisionRecord Decision(int partition, long first) =>
        new(
            $"d-{partition}-{first}",
            "linked",
            $"c_{partition}",
            null,
            Noon,
            Encoding.UTF8.GetBytes($$"""{"ruleVersion":"{{first}}"}""")
        );

    public static async Task RunAsync(string folder)
    {
        await using GridStorage storage = Create(folder);
        await storage.InitializeAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(WriteAsync));

        async Task WriteAsync(int partition)
        {
            PartitionHead head = await storage.EventLog.OpenAsync(partition, CancellationToken.None);
            for (long next = head.NextPosition; ; next += BatchRows)
            {
                string key = $"{partition}-{next}";
                Task<AppendResult> append = storage.EventLog.AppendAsync(
                    partition,
                    Batch(partition, next),
                    CancellationToken.None
                );
                await storage.States.WriteAsync(
                    "customer",
                    key,
                    Encoding.UTF8.GetBytes($$"""{"key":"{{key}}"}"""),
                    0,
                    CancellationToken.None
                );
                await storage.Decisions.AppendAsync([Decision(partition, next)], CancellationToken.None);
                AppendResult result = await append;
                if (result.Fenced || result.Duplicates.Any(position => position != 0))
                {
                    throw new InvalidOperationException($"Partition {partition} refused position {next}.");
                }

                Console.WriteLine($"{partition} {next}");
            }
        }
    }
}
