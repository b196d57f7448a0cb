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

    private static AudienceRow Row(string audience, string customerId) => new(audience, customerId, Noon, false);

    private Task<long?> Write(string customerId, long expected, params ImmutableArray<AudienceRow> rows) =>
        Storage.States.WriteAsync(
            Kind,
            customerId,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Listing = new AudienceListing(rows) },
            CancellationToken.None
        );

    private Task<ImmutableArray<AudienceRow>> Page(string audience) =>
        Storage.Audiences.ReadAsync(audience, "", 100, CancellationToken.None);
}
