using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the log promises about reading by anchor: order, pages, late messages.</summary>
public abstract class TimelineTests(TestDatabase database)
{
    private const int Messages = 400;

    private IEventLog Log => database.Log;

    [DatabaseFact]
    public async Task ReadAnchor_WhenPaged_GivesEveryMessageInOrderOfPosition()
    {
        string[] anchors = await WriteScatteredAsync("by-position");

        List<long> positions = [];
        ImmutableArray<LogRow> page;
        do
        {
            long after = positions.Count == 0 ? 0 : positions[^1];
            page = await Log.ReadAnchorAsync(anchors[1], after, 7, CancellationToken.None);
            Assert.All(page, row => Assert.Equal(anchors[1], row.Anchor));
            positions.AddRange(page.Select(row => row.Position));
        } while (page.Length == 7);

        Assert.Equal(
            Enumerable.Range(1, Messages).Where(position => position % 3 == 1).Select(position => (long)position),
            positions
        );
    }

    [DatabaseFact]
    public async Task ReadAnchor_WhenManyAskAtOnce_AnswersEach()
    {
        string[] anchors = await WriteScatteredAsync("at-once");

        ImmutableArray<LogRow>[] answers = await Task.WhenAll(
            Enumerable
                .Range(0, 300)
                .Select(index => Log.ReadAnchorAsync(anchors[index % 3], 0, 5, CancellationToken.None))
        );

        for (int index = 0; index < answers.Length; index++)
        {
            Assert.Equal(5, answers[index].Length);
            Assert.All(answers[index], row => Assert.Equal(anchors[index % 3], row.Anchor));
        }
    }

    [DatabaseFact]
    public async Task ReadAnchor_WhenUnknown_IsEmpty() =>
        Assert.Empty(await Log.ReadAnchorAsync("email:nobody@example.com", 0, 5, CancellationToken.None));

    [DatabaseFact]
    public Task ReadTimeline_WhenRising_GivesEveryMessageOnceInTimeOrder() =>
        AssertTimelineAsync("rising", descending: false);

    [DatabaseFact]
    public Task ReadTimeline_WhenFalling_GivesEveryMessageOnceInTimeOrder() =>
        AssertTimelineAsync("falling", descending: true);

    [DatabaseFact]
    public async Task ReadTimeline_WhenBounded_IncludesFromAndExcludesTo()
    {
        string[] anchors = await WriteScatteredAsync("bounded");
        TimelineQuery query = new(
            [.. anchors],
            Noon.AddSeconds(10),
            Noon.AddSeconds(12),
            Descending: false,
            Limit: 1_000,
            After: null
        );

        ImmutableArray<LogRow> rows = await Log.ReadTimelineAsync(query, CancellationToken.None);

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.InRange(row.Timestamp, Noon.AddSeconds(10), Noon.AddSeconds(11.999)));
        Assert.Contains(rows, row => row.Timestamp == Noon.AddSeconds(10));
    }

    [DatabaseFact]
    public async Task ReadTimeline_WhenMessageIsLate_ShowsItAtItsTime()
    {
        int partition = database.NewPartition();
        string anchor = $"user_id:late-{partition}";
        await Log.OpenAsync(partition, CancellationToken.None);
        await Log.AppendAsync(
            partition,
            [Message(1, anchor: anchor, seconds: 10), Message(2, anchor: anchor, seconds: 20)],
            CancellationToken.None
        );
        TimelineQuery query = new([anchor], Noon, Noon.AddDays(1), Descending: false, Limit: 1, After: null);
        LogRow first = Assert.Single(await Log.ReadTimelineAsync(query, CancellationToken.None));

        await Log.AppendAsync(partition, [Message(3, anchor: anchor, seconds: 15)], CancellationToken.None);
        TimelineCursor after = new(first.Timestamp, first.Partition, first.Position);
        ImmutableArray<LogRow> rest = await Log.ReadTimelineAsync(
            query with
            {
                After = after,
                Limit = 10,
            },
            CancellationToken.None
        );

        Assert.Equal([3, 2], rest.Select(row => row.Position));
    }

    [DatabaseFact]
    public async Task ReadTimeline_WhenReopened_IsTheSame()
    {
        string[] anchors = await WriteScatteredAsync("reopened");
        TimelineQuery query = new(
            [.. anchors],
            DateTimeOffset.MinValue,
            DateTimeOffset.MaxValue,
            Descending: true,
            Limit: 1_000,
            After: null
        );
        ImmutableArray<LogRow> before = await Log.ReadTimelineAsync(query, CancellationToken.None);

        await database.ReopenAsync();
        ImmutableArray<LogRow> after = await Log.ReadTimelineAsync(query, CancellationToken.None);

        Assert.Equal(Messages, before.Length);
        Assert.Equal(before.Select(row => row.Position), after.Select(row => row.Position));
    }

    [DatabaseFact]
    public async Task ReadTimes_WhenHistoryIsLong_RisesAndIsComplete()
    {
        int partition = database.NewPartition();
        string anchor = $"user_id:times-{partition}";
        await Log.OpenAsync(partition, CancellationToken.None);
        const int count = 3_000;
        ImmutableArray<LogAppend> messages =
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => Message(index + 1, anchor: anchor, seconds: index * 7_919 % count / 2)),
        ];
        await Log.AppendAsync(partition, messages, CancellationToken.None);

        List<DateTimeOffset> times = [];
        await foreach (
            DateTimeOffset time in Log.ReadTimesAsync(
                [anchor, anchor],
                Noon,
                Noon.AddSeconds(1_000),
                CancellationToken.None
            )
        )
        {
            times.Add(time);
        }

        Assert.Equal(
            messages.Select(message => message.Timestamp).Where(time => time < Noon.AddSeconds(1_000)).Order(),
            times
        );
    }

    private async Task AssertTimelineAsync(string name, bool descending)
    {
        string[] anchors = await WriteScatteredAsync(name);
        List<LogRow> rows = [];
        TimelineQuery query = new(
            [anchors[0], anchors[2]],
            DateTimeOffset.MinValue,
            DateTimeOffset.MaxValue,
            descending,
            Limit: 11,
            After: null
        );
        ImmutableArray<LogRow> page;
        do
        {
            page = await Log.ReadTimelineAsync(query, CancellationToken.None);
            rows.AddRange(page);
            if (page.Length > 0)
            {
                query = query with { After = new(page[^1].Timestamp, page[^1].Partition, page[^1].Position) };
            }
        } while (page.Length == query.Limit);

        IEnumerable<(DateTimeOffset, long)> expected = Enumerable
            .Range(1, Messages)
            .Where(position => position % 3 != 1)
            .Select(position => (TimeOf(position), (long)position))
            .Order();
        Assert.Equal(descending ? expected.Reverse() : expected, rows.Select(row => (row.Timestamp, row.Position)));
    }

    /// <summary>Three anchors take turns, at times that jump and often are equal.</summary>
    private async Task<string[]> WriteScatteredAsync(string name)
    {
        int partition = database.NewPartition();
        string[] anchors =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"user_id:{name}-{number}")),
        ];
        await Log.OpenAsync(partition, CancellationToken.None);
        for (int first = 1; first <= Messages; first += 10)
        {
            ImmutableArray<LogAppend> messages =
            [
                .. Enumerable
                    .Range(first, 10)
                    .Select(position =>
                        Message(position, anchor: anchors[position % 3]) with
                        {
                            Timestamp = TimeOf(position),
                        }
                    ),
            ];
            await Log.AppendAsync(partition, messages, CancellationToken.None);
        }

        return anchors;
    }

    private static DateTimeOffset TimeOf(int position) => Noon.AddSeconds(position * 37 % 50);
}
