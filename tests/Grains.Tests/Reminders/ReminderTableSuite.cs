using Customer360.Tests.Support;

namespace Customer360.Grains.Tests.Reminders;

/// <summary>
/// What Orleans expects of a table of reminders. It runs on ours and on Orleans' own, so ours can't differ from what the reminder
/// service was written for.
/// </summary>
public abstract class ReminderTableSuite : IAsyncLifetime
{
    private const int Grains = 64;

    private static readonly DateTime s_start = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    protected IReminderTable Table { get; private set; } = null!;

    public async Task InitializeAsync() => Table = await OpenAsync();

    public abstract Task DisposeAsync();

    protected abstract Task<IReminderTable> OpenAsync();

    [DatabaseFact]
    public async Task Range_OfAnyTwoPlaces_HoldsTheRemindersBehindTheFirstUpToTheSecond()
    {
        uint[] hashes = await Fill();
        uint lowest = hashes.Min();
        uint highest = hashes.Max();
        uint middle = hashes.Order().ElementAt(Grains / 2);
        (uint Begin, uint End)[] ranges =
        [
            (0, uint.MaxValue),
            (lowest, highest),
            (lowest - 1, lowest),
            (lowest, lowest + 1),
            (middle, highest),
            (0, middle),
            (middle - 1, middle),
            // This range goes round through zero.
            (highest, lowest),
            (highest - 1, lowest),
            (middle, middle - 1),
            (highest, 0),
            (uint.MaxValue, 0),
            // This range is the whole ring.
            (0, 0),
            (middle, middle),
            (uint.MaxValue, uint.MaxValue),
        ];
        foreach ((uint begin, uint end) in ranges)
        {
            ReminderTableData found = await Table.ReadRows(begin, end);

            // Orleans itself judges what lies in a range.
            IRingRange range = RangeFactory.CreateRange(begin, end);
            uint[] expected = [.. hashes.Where(range.InRange).Order()];
            uint[] actual = [.. found.Reminders.Select(one => one.GrainId.GetUniformHashCode()).Order()];
            Assert.True(
                expected.SequenceEqual(actual),
                $"({begin}, {end}]: {actual.Length} where {expected.Length} were expected."
            );
        }
    }

    [DatabaseFact]
    public async Task Ranges_ThatShareTheRing_HoldEachReminderOnce()
    {
        uint[] hashes = await Fill();
        uint[] cuts = [.. hashes.Where((_, index) => index % 7 == 0).Order()];
        List<uint> found = [];
        for (int index = 0; index < cuts.Length; index++)
        {
            ReminderTableData part = await Table.ReadRows(cuts[index], cuts[(index + 1) % cuts.Length]);
            found.AddRange(part.Reminders.Select(one => one.GrainId.GetUniformHashCode()));
        }

        Assert.Equal(hashes.Order(), found.Order());
    }

    [DatabaseFact]
    public async Task Row_WhenWrittenReadAndRemoved_IsWhatWasWrittenAndThenGone()
    {
        GrainId grain = GrainId.Create("customer", "c_one");
        string? first = await Table.UpsertRow(Entry(grain, "merge"));
        string? second = await Table.UpsertRow(Entry(grain, "merge"));
        await Table.UpsertRow(Entry(grain, "split"));

        ReminderEntry read = (await Table.ReadRow(grain, "merge"))!;
        Assert.Equal((grain, "merge", second), (read.GrainId, read.ReminderName, read.ETag));
        Assert.Equal((s_start, TimeSpan.FromMinutes(1)), (read.StartAt, read.Period));
        Assert.Equal(2, (await Table.ReadRows(grain)).Reminders.Count);
        Assert.Null(await Table.ReadRow(grain, "other"));
        Assert.False(await Table.RemoveRow(grain, "merge", first!));
        Assert.True(await Table.RemoveRow(grain, "merge", second!));
        Assert.False(await Table.RemoveRow(grain, "merge", second!));
        Assert.Null(await Table.ReadRow(grain, "merge"));
        Assert.Single((await Table.ReadRows(grain)).Reminders);
    }

    private static ReminderEntry Entry(GrainId grain, string name) =>
        new()
        {
            GrainId = grain,
            ReminderName = name,
            StartAt = s_start,
            Period = TimeSpan.FromMinutes(1),
        };

    private async Task<uint[]> Fill()
    {
        GrainId[] grains = [.. Enumerable.Range(0, Grains).Select(index => GrainId.Create("customer", $"c_{index}"))];
        foreach (GrainId grain in grains)
        {
            await Table.UpsertRow(Entry(grain, "merge"));
        }

        return [.. grains.Select(grain => grain.GetUniformHashCode())];
    }
}
