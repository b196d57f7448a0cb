using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>
/// What the list of members promises. One list is shared by the tests of a class, so each looks at audiences and customers of its own.
/// </summary>
public abstract class AudienceListTests(TestDatabase database)
{
    private const string Kind = "customer";

    private GridStorage Storage => database.Storage;

    [DatabaseFact]
    public async Task Write_WhenReadBack_GivesTheSameRows()
    {
        AudienceRow one = Row("same-a", "c_same1");
        AudienceRow other = Row("same-b", "c_same1") with { IsHeldOut = true, Since = Noon.AddHours(1) };
        await Write("c_same1", 0, one, other);

        await database.ReopenAsync();

        Assert.Equal(one, Assert.Single(await Page("same-a")));
        Assert.Equal(other, Assert.Single(await Page("same-b")));
    }

    [DatabaseFact]
    public async Task Write_OfOtherRows_TakesThePlaceOfTheFormerOnes_OfThisCustomerAlone()
    {
        await Write("c_other1", 0, Row("other-a", "c_other1"), Row("other-b", "c_other1"));
        await Write("c_other2", 0, Row("other-a", "c_other2"));

        await Write(
            "c_other1",
            1,
            Row("other-b", "c_other1") with
            {
                Since = Noon.AddDays(1),
            },
            Row("other-c", "c_other1")
        );

        Assert.Equal(["c_other2"], (await Page("other-a")).Select(row => row.CustomerId));
        Assert.Equal(Noon.AddDays(1), Assert.Single(await Page("other-b")).Since);
        Assert.Single(await Page("other-c"));
    }

    [DatabaseFact]
    public async Task Write_OfNoRows_LeavesNone()
    {
        await Write("c_none", 0, Row("none-a", "c_none"));

        await Write("c_none", 1);

        Assert.Empty(await Page("none-a"));
    }

    [DatabaseFact]
    public async Task Write_ThatAnotherOneCameBefore_ChangesNoRow()
    {
        await Write("c_late", 0, Row("late-a", "c_late"));

        Assert.Null(await Write("c_late", 0, Row("late-b", "c_late")));

        Assert.Single(await Page("late-a"));
        Assert.Empty(await Page("late-b"));
    }

    [DatabaseFact]
    public async Task Write_OfAStateAlone_LeavesTheRowsAsTheyAre()
    {
        await Write("c_alone", 0, Row("alone-a", "c_alone"));

        await Storage.States.WriteAsync(Kind, "c_alone", "{}"u8.ToArray(), 1, CancellationToken.None);

        Assert.Single(await Page("alone-a"));
    }

    [DatabaseFact]
    public async Task Write_OfARowOfAnotherCustomer_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Write("c_mine", 0, Row("mine-a", "c_yours")));

    [DatabaseFact]
    public async Task Read_PageByPage_GivesEverybodyOnce_ByCustomer()
    {
        foreach (int number in Enumerable.Range(0, 25).Reverse())
        {
            await Write($"c_page{number:00}", 0, Row("page-a", $"c_page{number:00}"));
        }

        List<string> all = [];
        ImmutableArray<AudienceRow> page;
        string after = "";
        do
        {
            page = await Storage.Audiences.ReadAsync("page-a", after, 10, CancellationToken.None);
            all.AddRange(page.Select(row => row.CustomerId));
            after = page.IsEmpty ? after : page[^1].CustomerId;
        } while (page.Length == 10);

        Assert.Equal(Enumerable.Range(0, 25).Select(number => $"c_page{number:00}"), all);
    }

    [DatabaseFact]
    public async Task Sizes_AndOverlap_CountWhoIsInThem()
    {
        await Write("c_size1", 0, Row("size-a", "c_size1"), Row("size-b", "c_size1"));
        await Write("c_size2", 0, Row("size-a", "c_size2") with { IsHeldOut = true });

        ImmutableArray<AudienceSize> sizes = await Storage.Audiences.ReadSizesAsync(CancellationToken.None);

        Assert.Contains(new AudienceSize("size-a", 2, 1), sizes);
        Assert.Contains(new AudienceSize("size-b", 1, 0), sizes);
        Assert.Equal(1, await Storage.Audiences.CountBothAsync("size-a", "size-b", CancellationToken.None));
        Assert.Equal(0, await Storage.Audiences.CountBothAsync("size-a", "size-none", CancellationToken.None));
    }

    [DatabaseFact]
    public async Task Changes_BehindAPlace_TellWhoEnteredAndLeft_AndTheLastOfEachAlone()
    {
        long begin = await Storage.Audiences.ReadLastChangeAsync(CancellationToken.None);
        await Write("c_move1", 0, Row("move-a", "c_move1"), Row("move-b", "c_move1"));
        await Write("c_move2", 0, Row("move-a", "c_move2") with { IsHeldOut = true });
        ImmutableArray<AudienceChangeRow> first = await Moves("move-a", new AudienceChangePlace(begin, ""), 2);
        await Write("c_move1", 1, Row("move-b", "c_move1"));
        await Write("c_move2", 1);
        await Write("c_move2", 2, Row("move-a", "c_move2") with { Since = Noon.AddHours(2) });
        ImmutableArray<AudienceChangeRow> then = await Moves("move-a", first[^1].Place, 2);

        Assert.Equal(
            [("c_move1", true, false), ("c_move2", true, true)],
            first.Select(row => (row.Place.CustomerId, row.IsMember, row.IsHeldOut))
        );
        Assert.Equal(
            [("c_move1", false, false), ("c_move2", true, false)],
            then.Select(row => (row.Place.CustomerId, row.IsMember, row.IsHeldOut))
        );
        Assert.Equal(Noon.AddHours(2), then[1].At);
        Assert.Equal(["c_move2"], (await Page("move-a")).Select(row => row.CustomerId));
        Assert.Empty(await Moves("move-a", then[^1].Place, 0));
        Assert.Equal(
            [("c_move1", true)],
            (await Moves("move-b", new AudienceChangePlace(begin, ""), 1)).Select(row =>
                (row.Place.CustomerId, row.IsMember)
            )
        );
    }

    [DatabaseFact]
    public async Task Changes_ThatStaySoOrAreOfOthers_AreNone()
    {
        await Write("c_stay", 0, Row("stay-a", "c_stay"));
        ImmutableArray<AudienceChangeRow> first = await Moves("stay-a", new AudienceChangePlace(0, ""), 1);

        await Write("c_stay", 1, Row("stay-a", "c_stay") with { Since = Noon.AddDays(-1) }, Row("stay-b", "c_stay"));

        Assert.Equal("c_stay", Assert.Single(first).Place.CustomerId);
        await Moves("stay-b", new AudienceChangePlace(0, ""), 1);
        Assert.Empty(await Moves("stay-a", first[0].Place, 0));
    }

    [DatabaseFact]
    public async Task Changes_PageByPage_ComeOnceAndInOrder()
    {
        foreach (int number in Enumerable.Range(0, 25))
        {
            await Write($"c_walk{number:00}", 0, Row("walk-a", $"c_walk{number:00}"));
        }

        List<string> all = [];
        var place = new AudienceChangePlace(0, "");
        ImmutableArray<AudienceChangeRow> page;
        do
        {
            page = [.. (await Moves("walk-a", place, Math.Min(10, 25 - all.Count))).Take(10)];
            all.AddRange(page.Select(row => row.Place.CustomerId));
            place = page.IsEmpty ? place : page[^1].Place;
        } while (!page.IsEmpty);

        Assert.Equal(Enumerable.Range(0, 25).Select(number => $"c_walk{number:00}"), all);
    }

    /// <summary>
    /// What is behind a place, once so many are there: a change is told when no transaction is under way that began before it, and other tests
    /// write to the same server.
    /// </summary>
    private async Task<ImmutableArray<AudienceChangeRow>> Moves(string audience, AudienceChangePlace after, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        ImmutableArray<AudienceChangeRow> rows;
        do
        {
            rows = await Storage.Audiences.ReadChangesAsync(audience, after, 100, patience.Token);
        } while (rows.Length < count);

        return rows;
    }

    private static AudienceRow Row(string audience, string customerId) => new(audience, customerId, Noon, false);

    private Task<long?> Write(string customerId, long expected, params ImmutableArray<AudienceRow> rows) =>
        Storage.States.WriteAsync(
            Kind,
            customerId,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Listings = [new AudienceListing(rows)] },
            CancellationToken.None
        );

    private Task<ImmutableArray<AudienceRow>> Page(string audience) =>
        Storage.Audiences.ReadAsync(audience, "", 100, CancellationToken.None);
}
