using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Retention;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What a stored message is found by when its log is trimmed.</summary>
public abstract class RetentionTests(TestDatabase database)
{
    // More than one piece has, on either database.
    private const int Messages = 5_000;

    [DatabaseFact]
    public async Task EraseLog_WhenMessagesAreTrimmed_KeepsAllThatTheyAreFoundBy()
    {
        int partition = await Fill();
        ImmutableArray<LogRow> before = await Read(partition);
        string id = before[7].MessageId;

        Assert.Equal((Messages, 0), await Pass(partition, isDryRun: true));
        Assert.Equal(before.Select(Text), (await Read(partition)).Select(Text));
        Assert.Equal((Messages, Messages / 2), await Pass(partition, isDryRun: false));
        Assert.Equal((Messages, 0), await Pass(partition, isDryRun: false));

        await database.ReopenAsync();
        ImmutableArray<LogRow> after = await Read(partition);
        Assert.Equal(
            before.Select(row => row with { Payload = default }),
            after.Select(row => row with { Payload = default })
        );
        Assert.Equal(
            before.Select((row, index) => index % 2 == 0 ? WithoutProperties(Text(row)) : Text(row)),
            after.Select(Text)
        );
        LogRow found = Assert.Single(
            await database.Log.FindMessageAsync(id, CancellationToken.None),
            row => row.Partition == partition
        );
        Assert.Equal(Text(after[7]), Text(found));
        AppendResult repeat = await database.Log.AppendAsync(
            partition,
            [Stored(partition, Messages + 1, 7)],
            CancellationToken.None
        );
        Assert.Equal([8L], repeat.Duplicates.AsEnumerable());
        ImmutableArray<LogRow> timeline = await database.Log.ReadTimelineAsync(
            new TimelineQuery(
                [$"user_id:u-{partition}"],
                Noon.AddDays(-1),
                Noon.AddDays(1),
                Descending: false,
                Messages + 1,
                After: null
            ),
            CancellationToken.None
        );
        Assert.Equal(after.Select(Text), timeline.Select(Text));
    }

    private async Task<int> Fill()
    {
        int partition = database.NewPartition();
        await database.Log.OpenAsync(partition, CancellationToken.None);
        foreach (int[] some in Enumerable.Range(0, Messages).Chunk(500))
        {
            await database.Log.AppendAsync(
                partition,
                [.. some.Select(number => Stored(partition, number + 1, number))],
                CancellationToken.None
            );
        }

        return partition;
    }

    /// <summary>Every second one came a year before the others.</summary>
    private static LogAppend Stored(int partition, long position, int number)
    {
        string at = number % 2 == 0 ? "2025-11-22T12:00:00Z" : "2026-11-22T12:00:00Z";
        return new LogAppend(
            position,
            $"m-{partition}-{number}",
            $"user_id:u-{partition}",
            Noon.AddSeconds(number),
            Encoding.UTF8.GetBytes(
                $$$"""{"messageId":"m-{{{partition}}}-{{{number}}}","type":"track","source":"web","timestamp":"{{{at}}}","receivedAt":"{{{at}}}","""
                    + $$$"""
                    "name":"Order","identifiers":[{"type":"user_id","value":"u-{{{partition}}}"}],"message":{"type":"track","event":"Order","properties":{"total":9},"userId":"u-{{{partition}}}"}}
                    """
            )
        );
    }

    private async Task<ImmutableArray<LogRow>> Read(int partition) =>
        await database.Log.ReadPartitionAsync(partition, 0, Messages + 1, CancellationToken.None);

    private async Task<(long Messages, long Trimmed)> Pass(int partition, bool isDryRun)
    {
        var policy = new RetentionPolicy(30, ImmutableSortedDictionary<string, int>.Empty)
        {
            Messages = MessageRetention.WithoutEnd with
            {
                Default = RetentionLine.Silent with { Days = RetentionSpan.Of(30) },
            },
        };
        var judge = new RetentionJudge(
            new PolicyInForce<RetentionPolicy>(1, 0, PolicyBody<RetentionPolicy>.Of(policy, "v")),
            AccessPolicy.Nothing,
            regions: null,
            Noon.AddDays(1),
            isDryRun
        );
        int replaced = 0;
        string? next = "";
        while (next is not null)
        {
            ErasurePiece piece = await database.Storage.Erasure.EraseLogAsync(
                partition,
                next,
                judge,
                CancellationToken.None
            );
            replaced += piece.Replaced;
            next = piece.Next;
        }

        RetentionCounts counts = judge.TakeCounts();
        Assert.Equal(isDryRun ? 0 : counts.Trimmed, replaced);
        return (counts.Messages, isDryRun ? 0 : counts.Trimmed);
    }

    private static string WithoutProperties(string payload)
    {
        const string Properties = "\"properties\":{\"total\":9},";
        Assert.Contains(Properties, payload, StringComparison.Ordinal);
        return payload.Replace(Properties, "", StringComparison.Ordinal);
    }

    private static string Text(LogRow row) => Encoding.UTF8.GetString(row.Payload.Span);
}
