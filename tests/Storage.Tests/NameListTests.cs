using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;

namespace Customer360.Storage.Tests;

/// <summary>
/// What the list of names promises. One list is shared by the tests of a class, so each looks for words of its own.
/// </summary>
public abstract class NameListTests(TestDatabase database)
{
    private const string Kind = "customer";
    private const int First = 1;
    private const int Last = 2;
    private const int All = 7;

    private GridStorage Storage => database.Storage;

    [DatabaseFact]
    public async Task Write_OfOtherWords_TakesThePlaceOfTheFormerOnes_OfThisCustomerAlone()
    {
        await Write("c_other1", 0, ("otherjane", First), ("otherdoe", Last));
        await Write("c_other2", 0, ("otherdoe", Last));

        await Write("c_other1", 1, ("otherdoe", First), ("otherulm", Last));
        await database.ReopenAsync();

        Assert.Empty(await Find("otherjane"));
        Assert.Equal(["c_other1"], await Find("otherulm"));
        Assert.Equal(["c_other1", "c_other2"], await Find("otherdoe"));
        Assert.Equal(["c_other1"], await Find("otherdoe", First));
    }

    [DatabaseFact]
    public async Task Write_OfNoWords_LeavesNone()
    {
        await Write("c_none", 0, ("nonejane", First));

        await Write("c_none", 1);

        Assert.Empty(await Find("nonejane"));
    }

    [DatabaseFact]
    public async Task Write_ThatAnotherOneCameBefore_ChangesNoWord()
    {
        await Write("c_late", 0, ("latejane", First));

        Assert.Null(await Write("c_late", 0, ("lateann", First)));

        Assert.Equal(["c_late"], await Find("latejane"));
        Assert.Empty(await Find("lateann"));
    }

    [DatabaseFact]
    public async Task Write_WithMembersAndNames_WritesBoth()
    {
        var member = new AudienceRow("names-and-members", "c_both", DateTimeOffset.UnixEpoch, IsHeldOut: false);
        await Storage.States.WriteAsync(
            Kind,
            "c_both",
            "{}"u8.ToArray(),
            0,
            new StateCompanions
            {
                Listings = [new AudienceListing([member]), new NameListing([new NameRow("bothjane", "c_both", First)])],
            },
            CancellationToken.None
        );

        Assert.Equal(["c_both"], await Find("bothjane"));
        Assert.Single(await Storage.Audiences.ReadAsync("names-and-members", "", 10, CancellationToken.None));
    }

    [DatabaseFact]
    public async Task Write_OfAnotherCustomersWord_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Storage.States.WriteAsync(
                Kind,
                "c_mine",
                "{}"u8.ToArray(),
                0,
                new StateCompanions { Listings = [new NameListing([new NameRow("minejane", "c_yours", First)])] },
                CancellationToken.None
            )
        );

    [DatabaseFact]
    public async Task Look_ForBeginnings_FindsWhoHasAllOfThem_InFieldsThatCount()
    {
        await Write("c_all1", 0, ("alljane", First), ("alldoe", Last));
        await Write("c_all2", 0, ("alljanet", First), ("allulm", Last));
        await Write("c_all3", 0, ("alljane", Last), ("alldo\U0010FFFDx", First));

        Assert.Equal(["c_all1", "c_all3", "c_all2"], await Find("allja"));
        Assert.Equal(["c_all1", "c_all3"], await Find("allja", All, "alldo"));
        Assert.Equal(["c_all1"], await Find("alldoe", All, "alljane"));
        Assert.Empty(await Find("allja", First, "alldoe"));
        Assert.Empty(await Find("allx", All, "allja"));
        Assert.Empty(await Find("llja"));
    }

    [DatabaseFact]
    public async Task Look_AtSomebodyWithTwoWordsThatFit_GivesHerOnce_UnderTheFirst()
    {
        await Write("c_twice", 0, ("twiceanna", First), ("twiceannabel", First), ("twiceann", Last));

        NameLookPage page = await Look("twiceann", All, after: null, 100, 100);

        Assert.Equal(new NamePlace("twiceann", "c_twice"), Assert.Single(page.Found));
        Assert.Equal(
            new NamePlace("twiceanna", "c_twice"),
            Assert.Single((await Look("twiceann", First, after: null, 100, 100)).Found)
        );
    }

    [DatabaseFact]
    public async Task Look_PageByPage_GivesEverybodyOnce_WhateverIsLookedAt()
    {
        foreach (int number in Enumerable.Range(0, 25))
        {
            await Write($"c_page{number:00}", 0, ($"page{number % 5}", First), ("pagelast", Last));
        }

        foreach ((int lookedAt, int limit) in ((int, int)[])[(3, 2), (4, 100), (100, 7), (100, 25), (1, 1)])
        {
            List<string> all = [];
            NamePlace? after = null;
            do
            {
                NameLookPage page = await Look("page", First, after, lookedAt, limit);
                Assert.True(page.Found.Length <= limit);
                all.AddRange(page.Found.Select(one => one.CustomerId));
                after = page.Next;
            } while (after is not null);

            Assert.Equal(25, all.Count);
            Assert.Equal(
                Enumerable.Range(0, 25).OrderBy(number => number % 5).Select(number => $"c_page{number:00}"),
                all
            );
        }
    }

    [DatabaseFact]
    public async Task Count_OfWords_EndsAtTheLimit()
    {
        await Write("c_count1", 0, ("countjane", First), ("countdoe", Last));
        await Write("c_count2", 0, ("countjane", First), ("countdora", Last));
        await Write("c_count3", 0, ("countjanet", First));

        int[] counts =
        [
            .. await Storage.Names.CountAsync(
                ["countja", "countdoe", "countx", "countdo"],
                100,
                CancellationToken.None
            ),
        ];
        Assert.Equal([3, 1, 0, 2], counts);
        Assert.Equal(2, (await Storage.Names.CountAsync(["countja"], 2, CancellationToken.None))[0]);
    }

    [DatabaseFact]
    public async Task Backfill_OfAStoreThatHadTheListFromTheBeginning_IsNotOwed() =>
        Assert.False(await Storage.Names.IsBackfillOwedAsync(CancellationToken.None));

    private Task<long?> Write(string customerId, long expected, params (string Word, int Fields)[] words) =>
        Storage.States.WriteAsync(
            Kind,
            customerId,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions
            {
                Listings =
                [
                    new NameListing([.. words.Select(word => new NameRow(word.Word, customerId, word.Fields))]),
                ],
            },
            CancellationToken.None
        );

    private async Task<string[]> Find(string lead, int fields = All, params string[] others) =>
        [
            .. (
                await Storage.Names.LookAsync(
                    new NameLook(lead, [.. others], fields, After: null, 100, 100),
                    CancellationToken.None
                )
            ).Found.Select(one => one.CustomerId),
        ];

    private Task<NameLookPage> Look(string lead, int fields, NamePlace? after, int lookedAt, int limit) =>
        Storage.Names.LookAsync(new NameLook(lead, [], fields, after, lookedAt, limit), CancellationToken.None);
}
