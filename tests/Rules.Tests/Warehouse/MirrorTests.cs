using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Warehouse;

namespace Customer360.Rules.Tests.Warehouse;

public sealed class MirrorTests
{
    private static readonly MirrorTable s_table = new(
        "things",
        "Things.",
        [
            new("a", MirrorKind.Text, "A."),
            new("b", MirrorKind.Number, "B."),
            new("c", MirrorKind.Flag, "C."),
            new("d", MirrorKind.Time, "D."),
        ]
    );

    private static readonly DateOnly s_day = new(2026, 11, 28);

    [Fact]
    public void Sum_OfTheSameRows_KnowsNoOrder_AndTellsTwiceFromOnce()
    {
        MirrorRows one = Rows(["x", 1, true, default], ["y", 2, default, DateTimeOffset.UnixEpoch]);
        MirrorRows other = Rows(["y", 2, default, DateTimeOffset.UnixEpoch], ["x", 1, true, default]);
        MirrorRows twice = Rows(["x", 1, true, default], ["x", 1, true, default]);

        Assert.Equal(one.Sum, other.Sum);
        Assert.NotEqual(one.Sum, twice.Sum);
        Assert.NotEqual(0UL, twice.Sum.Hash);
        Assert.Equal(
            one.Sum,
            Rows(["x", 1, true, default]).Sum + Rows(["y", 2, default, DateTimeOffset.UnixEpoch]).Sum
        );
    }

    [Fact]
    public void Sum_TellsWhatIsMissingFromWhatIsEmptyAndWhereAValueStands()
    {
        MirrorSum[] sums =
        [
            Rows([default, 1, default, default]).Sum,
            Rows(["", 1, default, default]).Sum,
            Rows(["1", default, default, default]).Sum,
            Rows([default, default, true, default]).Sum,
            Rows([default, 0, default, default]).Sum,
            Rows([default, default, false, default]).Sum,
        ];

        Assert.Equal(sums.Length, sums.Distinct().Count());
    }

    [Fact]
    public void Add_AValueOfAnotherKind_IsABug() =>
        Assert.Throws<ArgumentException>(() => Rows([1, 1, default, default]));

    [Fact]
    public void Manifest_WrittenAndRead_IsTheSame()
    {
        MirrorManifest manifest = new()
        {
            Number = 7,
            WrittenAt = new DateTimeOffset(2026, 11, 28, 1, 2, 3, TimeSpan.Zero),
            JobId = "j_1",
            Role = "analytics",
            Purpose = "analytics",
            AccessVersion = "abc",
            From = s_day,
            Positions = ImmutableSortedDictionary<int, long>.Empty.Add(0, 12).Add(3, 5),
            Parts =
            [
                Part(3, 0, 5, rows: 2),
                new MirrorPart("things", "things/part-0000-7.parquet", new MirrorSum(1, ulong.MaxValue), 9, "ff"),
            ],
        };

        MirrorManifest read = MirrorManifestJson.Read(MirrorManifestJson.Write(manifest, [s_table]));

        Assert.Equal(manifest.Parts.AsEnumerable(), read.Parts);
        Assert.Equal(manifest.Positions, read.Positions);
        Assert.Equal(manifest with { Parts = read.Parts, Positions = read.Positions }, read);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"format":2}""")]
    [InlineData("""{"format":1,"number":"x"}""")]
    [InlineData("not json")]
    public void Manifest_OfAnotherForm_CannotBeRead(string json) =>
        Assert.ThrowsAny<JsonException>(() => MirrorManifestJson.Read(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Next_WhereTheLastFileIsShort_ReadsItAgainAndReplacesIt()
    {
        MirrorPart last = Part(3, 100, 200, rows: 90);
        MirrorManifest manifest = Manifest(205, Part(3, 0, 100, MirrorPlan.RowsMax), last);

        MirrorStretch next = MirrorPlan.Next(manifest, EventRows.Table, 3, head: 300);

        Assert.Equal((100, 205, 300), (next.After, next.Least, next.To));
        Assert.Equal([last], next.Replaced.AsEnumerable());
    }

    [Fact]
    public void Next_WhereTheLastFileIsLargeOrHasANeighbour_BeginsBehindIt()
    {
        MirrorPart large = Part(3, 0, 100, MirrorPlan.RowsMax);
        MirrorPart[] neighbours = [Part(3, 0, 100, rows: 9), Part(3, 0, 100, rows: 9, days: 1)];

        Assert.Equal((100, 0), Begin(MirrorPlan.Next(Manifest(100, large), EventRows.Table, 3, 300)));
        Assert.Equal((100, 0), Begin(MirrorPlan.Next(Manifest(100, neighbours), EventRows.Table, 3, 300)));
        Assert.Equal((0, 0), Begin(MirrorPlan.Next(MirrorManifest.Empty, EventRows.Table, 3, 300)));
    }

    [Fact]
    public void Written_HasNoGaps()
    {
        MirrorManifest manifest = Manifest(
            500,
            Part(3, 100, 200, rows: 9),
            Part(3, 300, 400, rows: 9),
            Part(3, 300, 400, rows: 9, days: 1),
            Part(2, 0, 50, rows: 9)
        );

        MirrorStretch[] written = [.. MirrorPlan.Written(manifest, EventRows.Table, 3)];

        Assert.Equal(
            [(0, 100, 0), (100, 200, 1), (200, 300, 0), (300, 400, 2), (400, 500, 0)],
            written.Select(one => (one.After, one.To, one.Replaced.Length))
        );
    }

    [Fact]
    public void IsEnough_BeforeWhatIsReplacedWasReadAgain_IsFalse()
    {
        var stretch = new MirrorStretch(0, 0, 100, 1_000, []);

        Assert.False(MirrorPlan.IsEnough(stretch, MirrorPlan.RowsMax, 0, days: 2, position: 99));
        Assert.True(MirrorPlan.IsEnough(stretch, 1, 0, days: 2, position: 100));
        Assert.False(MirrorPlan.IsEnough(stretch, 1, 0, days: 1, position: 100));
    }

    private static (long After, int Replaced) Begin(MirrorStretch stretch) => (stretch.After, stretch.Replaced.Length);

    private static MirrorManifest Manifest(long position, params MirrorPart[] parts) =>
        new()
        {
            Number = 1,
            Positions = ImmutableSortedDictionary<int, long>.Empty.Add(3, position),
            Parts = [.. parts],
        };

    private static MirrorPart Part(int partition, long after, long to, long rows, int days = 0)
    {
        var range = new MirrorRange(s_day.AddDays(days), partition, after, to);
        return new MirrorPart("events", MirrorManifest.PathOf("events", range, 1), new MirrorSum(rows, 5), 10, "aa")
        {
            Range = range,
        };
    }

    private static MirrorRows Rows(params MirrorValue[][] rows)
    {
        var all = new MirrorRows(s_table);
        foreach (MirrorValue[] row in rows)
        {
            all.Add(row);
        }

        return all;
    }
}
