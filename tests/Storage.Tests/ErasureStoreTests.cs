using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What taking rows out promises.</summary>
public abstract class ErasureStoreTests(TestDatabase database)
{
    private IErasureStore Erasure => database.Storage.Erasure;

    [DatabaseFact]
    public async Task EraseLog_WhenAMessageIsRemoved_LeavesItsPositionEmptyAndTheOthersAsTheyWere()
    {
        int partition = await Fill("a", "b", "a", "c");
        ImmutableArray<LogRow> before = await database.Log.ReadPartitionAsync(partition, 0, 10, CancellationToken.None);

        (int removed, int replaced) = await Pass(partition, new Judge(remove: ["user_id:a"]));

        Assert.Equal((2, 0), (removed, replaced));
        ImmutableArray<LogRow> after = await database.Log.ReadPartitionAsync(partition, 0, 10, CancellationToken.None);
        Assert.Equal([2L, 4L], after.Select(row => row.Position));
        Assert.Equal(
            before.Where(row => row.Position is 2 or 4).Select(row => Encoding.UTF8.GetString(row.Payload.Span)),
            after.Select(row => Encoding.UTF8.GetString(row.Payload.Span))
        );
        Assert.DoesNotContain(
            await database.Log.ReadAnchorAsync("user_id:a", 0, 1_000, CancellationToken.None),
            row => row.Partition == partition
        );
        Assert.Equal(5, (await database.Log.OpenAsync(partition, CancellationToken.None)).NextPosition);
    }

    [DatabaseFact]
    public async Task EraseLog_WhenARemovedMessageComesAgain_IsARepeatOfItsPosition()
    {
        int partition = await Fill("a", "b");
        await Pass(partition, new Judge(remove: ["user_id:a"]));

        await RepeatIsRecognised(partition);
    }

    [DatabaseFact]
    public async Task EraseLog_WhenARemovedMessageComesAgainAfterARestart_IsARepeatOfItsPosition()
    {
        int partition = await Fill("a", "b");
        await Pass(partition, new Judge(remove: ["user_id:a"]));
        await database.ReopenAsync();

        await RepeatIsRecognised(partition);
    }

    [DatabaseFact]
    public async Task EraseLog_WhenARemovedMessageIsInASortedRun_IsStillARepeat()
    {
        int partition = await Fill(["a", "b", .. Enumerable.Range(0, 700).Select(number => $"q{number}")]);
        await Pass(partition, new Judge(remove: ["user_id:a"]));

        await RepeatIsRecognised(partition, others: 700);
    }

    private async Task RepeatIsRecognised(int partition, int others = 0)
    {
        PartitionHead head = await database.Log.OpenAsync(partition, CancellationToken.None);
        AppendResult result = await database.Log.AppendAsync(
            partition,
            [Stored(partition, head.NextPosition, "a", 0), Stored(partition, head.NextPosition + 1, "z", 99_999)],
            CancellationToken.None
        );

        Assert.Equal([1L, 0L], result.Duplicates.AsEnumerable());
        ImmutableArray<LogRow> rows = await database.Log.ReadPartitionAsync(
            partition,
            0,
            10_000,
            CancellationToken.None
        );
        Assert.Equal(others + 2, rows.Length);
        Assert.Equal(("user_id:b", "user_id:z"), (rows[0].Anchor, rows[^1].Anchor));
        Assert.Empty(await database.Log.FindMessageAsync($"m-{partition}-0", CancellationToken.None));
    }

    [DatabaseFact]
    public async Task EraseLog_WhenAPayloadIsReplaced_KeepsIdAnchorTimeAndPosition()
    {
        int partition = await Fill("a", "b");
        LogRow before = (await database.Log.ReadPartitionAsync(partition, 1, 1, CancellationToken.None))[0];

        (int removed, int replaced) = await Pass(partition, new Judge(replace: ["user_id:b"]));

        Assert.Equal((0, 1), (removed, replaced));
        LogRow after = (await database.Log.ReadPartitionAsync(partition, 1, 1, CancellationToken.None))[0];
        Assert.Equal("""{"redacted":true}""", Encoding.UTF8.GetString(after.Payload.Span));
        Assert.Equal(before with { Payload = default }, after with { Payload = default });
        LogRow byAnchor = Assert.Single(
            await database.Log.ReadAnchorAsync("user_id:b", 0, 1_000, CancellationToken.None),
            row => row.Partition == partition
        );
        Assert.Equal("""{"redacted":true}""", Encoding.UTF8.GetString(byAnchor.Payload.Span));
    }

    [DatabaseFact]
    public async Task EraseLog_WhenDoneAgain_FindsNothingLeft()
    {
        int partition = await Fill([.. Enumerable.Range(0, 300).Select(number => $"p{number % 7}")]);
        var judge = new Judge(remove: ["user_id:p3"]);

        Assert.Equal((43, 0), await Pass(partition, judge));
        Assert.Equal((0, 0), await Pass(partition, judge));
        Assert.Equal(257, (await database.Log.ReadPartitionAsync(partition, 0, 1_000, CancellationToken.None)).Length);
    }

    [DatabaseFact]
    public async Task EraseLog_WhenThePageIsFullOfRemovedOnes_ReadsOnBehindThem()
    {
        int partition = await Fill("a", "a", "a", "b", "b");
        await Pass(partition, new Judge(remove: ["user_id:a"]));

        ImmutableArray<LogRow> page = await database.Log.ReadPartitionAsync(partition, 0, 2, CancellationToken.None);

        Assert.Equal([4L, 5L], page.Select(row => row.Position));
    }

    [DatabaseFact]
    public async Task EraseLog_WhenAMessageIsRemoved_ItsTimeIsToldNoMore()
    {
        int partition = database.NewPartition();
        await database.Log.OpenAsync(partition, CancellationToken.None);
        string anchor = $"email:times-{partition}@example.com";
        await database.Log.AppendAsync(
            partition,
            [
                .. Enumerable
                    .Range(0, 6)
                    .Select(number => Stored(partition, number + 1, "x", number) with { Anchor = anchor }),
            ],
            CancellationToken.None
        );
        await Pass(partition, new Judge(remove: [anchor], keepsFrom: Noon.AddSeconds(4)));
        await database.ReopenAsync();

        List<DateTimeOffset> times = [];
        await foreach (
            DateTimeOffset at in database.Log.ReadTimesAsync(
                [anchor],
                Noon.AddDays(-1),
                Noon.AddDays(1),
                CancellationToken.None
            )
        )
        {
            times.Add(at);
        }

        Assert.Equal([Noon.AddSeconds(4), Noon.AddSeconds(5)], times);
    }

    [DatabaseFact]
    public async Task EraseDecisions_WhenJudged_RemovesAndReplaces()
    {
        string customer = $"c_{database.NewPartition()}_decisions";
        DecisionRecord[] records =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(number => new DecisionRecord(
                    $"d_{customer}_{number}",
                    "linked",
                    customer,
                    null,
                    Noon.AddSeconds(number),
                    Encoding.UTF8.GetBytes($$"""{"messageId":"m-{{number}}","identifiers":[]}""")
                )),
        ];
        await database.Storage.Decisions.AppendAsync([.. records], CancellationToken.None);

        string? next = "";
        while (next is not null)
        {
            next = (await Erasure.EraseDecisionsAsync(next, new DecisionsOf(records), CancellationToken.None)).Next;
        }

        ImmutableArray<DecisionRecord> left = await database.Storage.Decisions.ReadAsync(
            customer,
            null,
            10,
            CancellationToken.None
        );
        Assert.Equal([records[1].Id, records[2].Id], left.Select(record => record.Id));
        Assert.Equal("{}", Encoding.UTF8.GetString(left[0].Payload.Span));
        Assert.Equal(records[2].Payload.ToArray(), left[1].Payload.ToArray());
    }

    [DatabaseFact]
    public async Task Suppressions_WhenAppended_AreReadInOrder()
    {
        ImmutableArray<SuppressionEntry> before = await database.Storage.Suppressions.ReadAsync(
            0,
            10_000,
            CancellationToken.None
        );
        long last = before.IsEmpty ? 0 : before[^1].Sequence;
        SuppressionEntry[] entries =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(number => new SuppressionEntry(
                    last + number,
                    new SuppressionHash((UInt128)number << 90, UInt128.MaxValue - (UInt128)number),
                    number == 2 ? SuppressionChange.Lifted : SuppressionChange.Suppressed,
                    Noon,
                    "p_1",
                    "officer"
                )),
        ];

        Assert.True(await database.Storage.Suppressions.AppendAsync([.. entries], CancellationToken.None));
        Assert.False(await database.Storage.Suppressions.AppendAsync([entries[2]], CancellationToken.None));
        Assert.False(
            await database.Storage.Suppressions.AppendAsync(
                [entries[0] with { Sequence = last + 9 }],
                CancellationToken.None
            )
        );
        Assert.Equal(
            entries.AsEnumerable(),
            await database.Storage.Suppressions.ReadAsync(last, 10, CancellationToken.None)
        );
        Assert.Equal(
            entries[1],
            Assert.Single(await database.Storage.Suppressions.ReadAsync(last + 1, 1, CancellationToken.None))
        );
    }

    /// <summary>Stores messages of these users, in small appends.</summary>
    private async Task<int> Fill(params ImmutableArray<string> users)
    {
        int partition = database.NewPartition();
        await database.Log.OpenAsync(partition, CancellationToken.None);
        for (int index = 0; index < users.Length; index += 2)
        {
            await database.Log.AppendAsync(
                partition,
                [
                    .. Enumerable
                        .Range(index, Math.Min(2, users.Length - index))
                        .Select(one => Stored(partition, one + 1, users[one], one)),
                ],
                CancellationToken.None
            );
        }

        return partition;
    }

    private async Task<(int Removed, int Replaced)> Pass(int partition, ILogJudge judge)
    {
        (int removed, int replaced) = (0, 0);
        string? next = "";
        while (next is not null)
        {
            ErasurePiece piece = await Erasure.EraseLogAsync(partition, next, judge, CancellationToken.None);
            removed += piece.Removed;
            replaced += piece.Replaced;
            next = piece.Next;
        }

        return (removed, replaced);
    }

    private static LogAppend Stored(int partition, long position, string user, int number) =>
        new(
            position,
            $"m-{partition}-{number}",
            $"user_id:{user}",
            Noon.AddSeconds(number),
            Encoding.UTF8.GetBytes($$"""{"user":"{{user}}","number":{{number}}}""")
        );

    private sealed class Judge(string[]? remove = null, string[]? replace = null, DateTimeOffset? keepsFrom = null)
        : ILogJudge
    {
        LogVerdict ILogJudge.Judge(string anchor, DateTimeOffset at, ReadOnlySpan<byte> payload) =>
            at >= keepsFrom ? LogVerdict.Keep
            : remove?.Contains(anchor) == true ? LogVerdict.Remove
            : replace?.Contains(anchor) == true ? LogVerdict.Replace("""{"redacted":true}"""u8.ToArray())
            : LogVerdict.Keep;
    }

    private sealed class DecisionsOf(DecisionRecord[] records) : IDecisionJudge
    {
        public DecisionVerdict Judge(DecisionRecord decision) =>
            decision.Id == records[0].Id ? new DecisionVerdict(true, null)
            : decision.Id == records[1].Id ? new DecisionVerdict(false, decision with { Payload = "{}"u8.ToArray() })
            : default;
    }
}
