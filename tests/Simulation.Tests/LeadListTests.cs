using Customer360.Rules.Ports;
using Customer360.Simulation.Storage;

namespace Customer360.Simulation.Tests;

/// <summary>The simulated disk keeps the list of leads as the real stores do (tests/Storage.Tests/LeadListTests.cs).</summary>
public sealed class LeadListTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private readonly Disk _disk = new();

    [Fact]
    public void Write_OfARow_GoesWithItsState()
    {
        LeadRow first = Row("l_1");
        Assert.Null(Write(first, expected: 1));
        Assert.Empty(_disk.Leads);

        Assert.Equal(1, Write(first, expected: 0));
        Assert.Null(Write(first with { Status = "stale" }, expected: 0));
        Assert.Equal(2, _disk.Write("lead", "l_1", "{}"u8.ToArray(), 1));
        Assert.Equal([first], _disk.Leads);

        Assert.Equal(3, Write(first with { Status = "won" }, expected: 2));
        Assert.Equal(["won"], _disk.Leads.Select(row => row.Status));
    }

    [Fact]
    public void Row_OfARemovedState_IsRemoved()
    {
        Write(Row("l_1"), expected: 0);
        Write(Row("l_2"), expected: 0);
        _disk.Write(
            "clock",
            "l_1",
            "{}"u8.ToArray(),
            0,
            new StateCompanions { Listings = [new LeadListing(null)] },
            []
        );

        Assert.True(_disk.Clear("clock", "l_1", 1));
        Assert.False(_disk.Clear("lead", "l_1", 7));
        Assert.Equal(["l_1", "l_2"], _disk.Leads.Select(row => row.LeadId));

        Assert.True(_disk.Clear("lead", "l_1", 1));
        _disk.Write("lead", "l_2", "{}"u8.ToArray(), 1, new StateCompanions { Listings = [new LeadListing(null)] }, []);
        Assert.Empty(_disk.Leads);
    }

    [Fact]
    public void ReadLeads_WhenPaged_GivesEachOnceTheNewestFirst()
    {
        for (int number = 0; number < 10; number++)
        {
            Write(Row($"l_{number}") with { CreatedAt = s_noon.AddHours(number / 5) }, expected: 0);
        }

        List<string> read = [];
        LeadQuery query = new() { Limit = 3 };
        while (_disk.ReadLeads(query) is [.. var page, var last])
        {
            read.AddRange(page.Append(last).Select(row => row.LeadId));
            query = query with { After = new LeadCursor(last.CreatedAt, last.LeadId) };
        }

        Assert.Equal(["l_5", "l_6", "l_7", "l_8", "l_9", "l_0", "l_1", "l_2", "l_3", "l_4"], read);
    }

    [Fact]
    public void ReadLeads_ByEachFilter_GivesThoseThatAreMeant()
    {
        Write(Row("l_1") with { OwnerId = "p", Queue = "q", DueAt = s_noon }, expected: 0);
        Write(Row("l_2") with { Stage = "sales", Status = "won", CustomerId = "c_2", IsOpen = false }, expected: 0);
        (LeadQuery Query, string Id)[] cases =
        [
            (new() { OwnerId = "p" }, "l_1"),
            (new() { Queue = "q" }, "l_1"),
            (new() { DueBy = s_noon }, "l_1"),
            (new() { IsOpen = true }, "l_1"),
            (new() { Stage = "sales" }, "l_2"),
            (new() { Status = "won" }, "l_2"),
            (new() { CustomerId = "c_2", CreatedFrom = s_noon }, "l_2"),
        ];

        Assert.All(cases, one => Assert.Equal(one.Id, Assert.Single(_disk.ReadLeads(one.Query)).LeadId));
        Assert.Empty(_disk.ReadLeads(new LeadQuery { CreatedFrom = s_noon.AddTicks(1) }));
    }

    private static LeadRow Row(string id) => new(id, "c_1", "marketing", "new", null, null, s_noon, null, IsOpen: true);

    private long? Write(LeadRow row, long expected) =>
        _disk.Write(
            "lead",
            row.LeadId,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Listings = [new LeadListing(row)] },
            []
        );
}
