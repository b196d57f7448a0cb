using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the list of leads promises. One list is shared by the tests of a class, so each looks at leads of its own.</summary>
public abstract class LeadListTests(TestDatabase database)
{
    private const string Kind = "lead";

    private GridStorage Storage => database.Storage;

    [DatabaseFact]
    public async Task Write_WhenReadBack_GivesTheSameRow()
    {
        LeadRow full = Row("same-1") with { OwnerId = "p_1", Queue = "q_1", DueAt = Noon.AddTicks(10) };
        LeadRow bare = Row("same-2") with { IsOpen = false };
        await Write(full);
        await Write(bare);

        await database.ReopenAsync();

        Assert.Equal([full, bare], await All("same-", new LeadQuery()));
    }

    [DatabaseFact]
    public async Task Write_OfTimesInAnyZone_GivesThemInUtcAndWholeMicroseconds()
    {
        DateTimeOffset time = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(12);
        await Write(Row("utc-1") with { CreatedAt = time, DueAt = time });

        LeadRow read = Assert.Single(await All("utc-", new LeadQuery()));

        Assert.Equal(TimeSpan.Zero, read.CreatedAt.Offset);
        Assert.Equal(time.AddTicks(-2), read.CreatedAt);
        Assert.Equal(time.AddTicks(-2), read.DueAt);
    }

    /// <summary>The least and the greatest time, as a careless client may give it.</summary>
    [DatabaseFact]
    public async Task Read_WithTimesAtTheirEnds_GivesWhatIsBetween()
    {
        await Write(Row("ends-1") with { DueAt = Noon });
        (DateTimeOffset least, DateTimeOffset greatest) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

        Assert.Equal(["ends-1"], await Ids("ends-", new LeadQuery { CreatedFrom = least, DueBy = greatest }));
        Assert.Empty(await Ids("ends-", new LeadQuery { CreatedFrom = greatest }));
        Assert.Empty(await Ids("ends-", new LeadQuery { DueBy = least }));
        Assert.Equal(
            ["ends-1"],
            (await Page(new LeadQuery { After = new LeadCursor(greatest, "x"), Limit = 10_000 }))
                .Select(row => row.LeadId)
                .Where(id => id == "ends-1")
        );
        Assert.Empty(await Page(new LeadQuery { After = new LeadCursor(least, "x") }));
    }

    [DatabaseFact]
    public async Task Read_ByEachFilter_GivesThoseThatAreMeant()
    {
        LeadRow first = Row("filter-1") with { OwnerId = "p_f1", Queue = "q_f1", DueAt = Noon };
        LeadRow second = Row("filter-2") with
        {
            CustomerId = "c_other",
            Stage = "sales",
            Status = "accepted",
            OwnerId = "p_f2",
            Queue = "q_f2",
            CreatedAt = Noon.AddDays(1),
            DueAt = Noon.AddDays(1),
            IsOpen = false,
        };
        await Write(first);
        await Write(second);
        await Write(Row("filter-3") with { CreatedAt = Noon.AddDays(-1) });

        await Expect(new LeadQuery { Stage = "sales" }, "filter-2");
        await Expect(new LeadQuery { Status = "accepted" }, "filter-2");
        await Expect(new LeadQuery { OwnerId = "p_f1" }, "filter-1");
        await Expect(new LeadQuery { Queue = "q_f2" }, "filter-2");
        await Expect(new LeadQuery { CustomerId = "c_other" }, "filter-2");
        await Expect(new LeadQuery { DueBy = Noon }, "filter-1");
        await Expect(new LeadQuery { DueBy = Noon.AddTicks(-1) });
        await Expect(new LeadQuery { DueBy = Noon.AddDays(1) }, "filter-2", "filter-1");
        await Expect(new LeadQuery { DueBy = Noon.AddDays(1), IsOpen = true }, "filter-1");
        await Expect(new LeadQuery { CreatedFrom = Noon }, "filter-2", "filter-1");
        await Expect(new LeadQuery { CreatedFrom = Noon.AddTicks(1) }, "filter-2");
        await Expect(new LeadQuery { IsOpen = true }, "filter-1", "filter-3");
        await Expect(new LeadQuery { IsOpen = false }, "filter-2");
        await Expect(new LeadQuery(), "filter-2", "filter-1", "filter-3");
        await Expect(new LeadQuery { OwnerId = "p_f1", IsOpen = false });
        await Expect(
            new LeadQuery
            {
                OwnerId = "p_f2",
                IsOpen = false,
                Queue = "q_f2",
                Stage = "sales",
            },
            "filter-2"
        );

        async Task Expect(LeadQuery query, params string[] ids) => Assert.Equal(ids, await Ids("filter-", query));
    }

    [DatabaseFact]
    public async Task Read_WhenManyBeganAtOnce_GivesEachOncePageByPage()
    {
        // Open and closed ones and those of other times lie between each other, and pages end anywhere.
        LeadRow[] rows =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(number =>
                    Row($"page-{number * 7 % 60:00}") with
                    {
                        CustomerId = "c_paged",
                        CreatedAt = Noon.AddSeconds(number is < 10 or > 50 ? number : 30),
                        IsOpen = number % 3 > 0,
                    }
                ),
        ];
        await Task.WhenAll(rows.Select(row => Write(row)));
        LeadRow[] expected =
        [
            .. rows.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.LeadId, StringComparer.Ordinal),
        ];

        foreach (int limit in (int[])[1, 7, 20, 59, 60, 61])
        {
            Assert.Equal(expected, await All("page-", new LeadQuery { CustomerId = "c_paged", Limit = limit }));
        }

        Assert.Equal(
            expected.Where(row => row.IsOpen),
            await All(
                "page-",
                new LeadQuery
                {
                    CustomerId = "c_paged",
                    IsOpen = true,
                    Limit = 7,
                }
            )
        );
    }

    /// <summary>A page goes on behind its place, whether the lead that was there is still in the list or not.</summary>
    [DatabaseFact]
    public async Task Read_BehindALeadThatIsGone_GoesOnWhereItWas()
    {
        for (int number = 0; number < 4; number++)
        {
            await Write(Row($"gone-{number}") with { CustomerId = "c_gone" });
        }

        LeadQuery query = new() { CustomerId = "c_gone", Limit = 2 };
        LeadRow last = (await Page(query))[^1];
        Assert.True(await Storage.States.ClearAsync(Kind, last.LeadId, 1, CancellationToken.None));

        ImmutableArray<LeadRow> rest = await Page(query with { After = new(last.CreatedAt, last.LeadId) });

        Assert.Equal(["gone-2", "gone-3"], rest.Select(row => row.LeadId));
    }

    /// <summary>In the table of all other kinds, and in a table of its own.</summary>
    [DatabaseFact]
    public async Task Write_WhenAnotherCameFirst_LeavesTheFormerRow()
    {
        foreach (string kind in (string[])[Kind, "customer"])
        {
            string id = $"lost-{kind}";
            Assert.Null(await Write(Row(id), kind, expected: 3));
            Assert.Empty(await Ids(id, new LeadQuery()));
            Assert.Equal(1, await Write(Row(id), kind));

            Assert.Null(await Write(Row(id) with { Status = "stale" }, kind));
            Assert.Null(await Write(Row(id) with { Status = "stale" }, kind, expected: 7));
            Assert.Null(await WriteNone(id, expected: 7, kind));
            Assert.False(await Storage.States.ClearAsync(kind, id, 7, CancellationToken.None));

            Assert.Equal([Row(id)], await All(id, new LeadQuery()));
        }
    }

    [DatabaseFact]
    public async Task Write_WhenTheStateHasARow_ReplacesIt()
    {
        foreach (string kind in (string[])[Kind, "customer"])
        {
            string id = $"replaced-{kind}";
            await Write(Row(id) with { OwnerId = "p_before", DueAt = Noon }, kind);
            LeadRow after = Row(id) with { CustomerId = "c_after", Queue = "q_after", IsOpen = false };

            Assert.Equal(2, await Write(after, kind, expected: 1));

            Assert.Equal([after], await All(id, new LeadQuery()));
            Assert.Empty(await Ids(id, new LeadQuery { OwnerId = "p_before" }));
            Assert.Empty(await Ids(id, new LeadQuery { DueBy = Noon }));

            Assert.Equal(3, await Write(after, kind, expected: 2));
            Assert.Equal([after], await All(id, new LeadQuery()));
        }
    }

    [DatabaseFact]
    public async Task Write_WithoutAListing_LeavesTheRow()
    {
        await Write(Row("kept-1"));

        await Storage.States.WriteAsync(Kind, "kept-1", "{}"u8.ToArray(), 1, CancellationToken.None);
        await Storage.States.WriteAsync(
            Kind,
            "kept-1",
            "{}"u8.ToArray(),
            2,
            new StateCompanions { Audit = [Entry("kept")] },
            CancellationToken.None
        );

        Assert.Equal([Row("kept-1")], await All("kept-", new LeadQuery()));
    }

    [DatabaseFact]
    public async Task Write_WhenTheStateHasNoRowAnyMore_RemovesIt()
    {
        foreach (string kind in (string[])[Kind, "customer"])
        {
            string id = $"removed-{kind}";
            Assert.Equal(1, await WriteNone(id, expected: 0, kind));
            Assert.Equal(2, await Write(Row(id), kind, expected: 1));

            Assert.Equal(3, await WriteNone(id, expected: 2, kind));

            Assert.Empty(await Ids(id, new LeadQuery()));
            Assert.Equal(4, await Write(Row(id), kind, expected: 3));
            Assert.Equal([id], await Ids(id, new LeadQuery()));
        }
    }

    [DatabaseFact]
    public async Task Clear_WhenTheStateHasARow_RemovesIt()
    {
        foreach (string kind in (string[])[Kind, "customer"])
        {
            string id = $"cleared-{kind}";
            await Write(Row(id), kind);

            Assert.True(await Storage.States.ClearAsync(kind, id, 1, CancellationToken.None));

            Assert.Empty(await Ids(id, new LeadQuery()));
            Assert.Equal(1, await Write(Row(id), kind));
            Assert.Equal([id], await Ids(id, new LeadQuery()));
        }
    }

    /// <summary>The state of a clock or a history may well have the key of its lead.</summary>
    [DatabaseFact]
    public async Task Clear_OfAStateOfAnotherKind_LeavesTheRow()
    {
        await Write(Row("kinds-1"));
        foreach (string kind in (string[])["customer", "lead_clock"])
        {
            await WriteNone("kinds-1", expected: 0, kind);
            await Storage.States.ClearAsync(kind, "kinds-1", 1, CancellationToken.None);
        }

        Assert.Equal(["kinds-1"], await Ids("kinds-", new LeadQuery()));
    }

    [DatabaseFact]
    public async Task Write_OfAuditAndRow_IsOneWriteOrNone()
    {
        foreach (string kind in (string[])[Kind, "customer"])
        {
            string id = $"both-{kind}";
            Assert.Equal(1, await Write(Row(id), kind, 0, Entry($"{id}-1")));
            Assert.Null(await Write(Row(id) with { Status = "stale" }, kind, 0, Entry($"{id}-2")));
            Assert.Equal([Row(id)], await All(id, new LeadQuery()));
            Assert.Equal([$"{id}-1"], await AuditOf(id));

            Assert.Equal(2, await Write(Row(id) with { Status = "won" }, kind, 1, Entry($"{id}-3")));
            Assert.Equal([Row(id) with { Status = "won" }], await All(id, new LeadQuery()));
            Assert.Equal([$"{id}-3", $"{id}-1"], await AuditOf(id));

            Assert.Equal(3, await WriteNone(id, 2, kind, Entry($"{id}-4")));
            Assert.Empty(await Ids(id, new LeadQuery()));
            Assert.Equal([$"{id}-4", $"{id}-3", $"{id}-1"], await AuditOf(id));
        }
    }

    [DatabaseFact]
    public async Task Write_WhenManyAskAtOnce_ListsEach()
    {
        const int count = 300;
        await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(number =>
                    number % 2 == 0
                        ? Write(Row($"many-{number:000}"))
                        : Write(Row($"many-{number:000}"), Kind, 0, Entry($"many-{number}"))
                )
        );

        // Two writes of one state follow each other, and the last one counts.
        await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .SelectMany(number =>
                    (Task[])
                        [
                            Write(Row($"many-{number:000}") with { Status = "between" }, Kind, expected: 1),
                            number % 3 == 0
                                ? WriteNone($"many-{number:000}", expected: 2)
                                : Write(Row($"many-{number:000}") with { Status = "last" }, Kind, expected: 2),
                        ]
                )
        );

        List<LeadRow> listed = await All("many-", new LeadQuery { Limit = 100 });
        Assert.Equal(
            Enumerable.Range(0, count).Where(number => number % 3 > 0).Select(number => $"many-{number:000}"),
            listed.Select(row => row.LeadId)
        );
        Assert.All(listed, row => Assert.Equal("last", row.Status));
    }

    [DatabaseFact]
    public async Task Write_WhenAnotherRequestFails_IsDoneWithItsRow()
    {
        Task poison = Assert.ThrowsAnyAsync<Exception>(database.FailUnexpectedlyAsync);

        Assert.Equal(1, await Write(Row("beside-1")));

        await poison;
        Assert.Equal(["beside-1"], await Ids("beside-", new LeadQuery()));
    }

    [DatabaseFact]
    public async Task Read_OfValuesThatLookLikeSql_TakesThemAsTheyAre()
    {
        string[] values =
        [
            "' or '1'='1",
            "'; drop table lead; --",
            "\" or 1=1 /*",
            "%",
            "_",
            "$1",
            "?1",
            "{0}",
            "\\",
            "null",
            "Zoë 😀",
        ];
        for (int number = 0; number < values.Length; number++)
        {
            string value = values[number];
            await Write(
                new LeadRow(
                    $"sql-{value}",
                    $"c{value}",
                    $"s{value}",
                    $"t{value}",
                    $"o{value}",
                    $"q{value}",
                    Noon.AddSeconds(-number),
                    Noon,
                    true
                )
            );
        }

        foreach (string value in values)
        {
            foreach (
                LeadQuery query in (LeadQuery[])
                    [
                        new() { CustomerId = $"c{value}" },
                        new() { Stage = $"s{value}" },
                        new() { Status = $"t{value}" },
                        new() { OwnerId = $"o{value}" },
                        new() { Queue = $"q{value}" },
                    ]
            )
            {
                Assert.Equal([$"sql-{value}"], await Ids("sql-", query));
                Assert.Equal([$"sql-{value}"], await Ids("sql-", query with { IsOpen = true, DueBy = Noon }));
            }

            Assert.Empty(await Ids("sql-", new LeadQuery { OwnerId = value }));
        }

        Assert.Equal(values.Select(value => $"sql-{value}"), await Ids("sql-", new LeadQuery { Limit = 1 }));
    }

    [DatabaseFact]
    public async Task Read_BeyondALimit_IsRefused()
    {
        foreach (int limit in (int[])[int.MinValue, -1, 0, 10_001, int.MaxValue])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Page(new LeadQuery { Limit = limit }));
        }

        string secret = "secret" + new string('x', 1_024);
        foreach (
            LeadQuery query in (LeadQuery[])
                [
                    new() { Stage = "" },
                    new() { Status = "\0" },
                    new() { OwnerId = secret },
                    new() { Queue = "\ud800" },
                    new() { CustomerId = secret },
                    new() { After = new LeadCursor(Noon, "") },
                    new() { After = new LeadCursor(Noon, secret) },
                ]
        )
        {
            ArgumentException refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Page(query));
            Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [DatabaseFact]
    public async Task Write_OfARowThatCannotBeStored_WritesNothing()
    {
        LeadRow good = Row("refused-1");
        string secret = "secret" + new string('x', 1_024);
        foreach (
            LeadRow bad in (LeadRow[])
                [
                    good with
                    {
                        LeadId = "refused-2",
                    },
                    good with
                    {
                        CustomerId = "",
                    },
                    good with
                    {
                        Stage = secret,
                    },
                    good with
                    {
                        Status = "\0",
                    },
                    good with
                    {
                        OwnerId = "",
                    },
                    good with
                    {
                        Queue = "\ud800",
                    },
                ]
        )
        {
            ArgumentException refused = await Assert.ThrowsAnyAsync<ArgumentException>(() =>
                Storage.States.WriteAsync(
                    Kind,
                    "refused-1",
                    "{}"u8.ToArray(),
                    0,
                    new StateCompanions { Listings = [new LeadListing(bad)] },
                    CancellationToken.None
                )
            );
            Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
        }

        Assert.Null(await Storage.States.ReadAsync(Kind, "refused-1", CancellationToken.None));
        Assert.Empty(await Ids("refused-", new LeadQuery()));
    }

    [DatabaseFact]
    public async Task Read_WhenCancelled_Ends()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Storage.Leads.ReadAsync(new LeadQuery(), cancelled.Token)
        );
    }

    private static LeadRow Row(string id) => new(id, "c_1", "marketing", "new", null, null, Noon, null, IsOpen: true);

    private static AuditEntry Entry(string id) =>
        new(id, Noon, "lead.changed", new AuditActor("key", "tester", "admin"), "lead", "leads");

    private Task<long?> Write(
        LeadRow row,
        string kind = Kind,
        long expected = 0,
        params ImmutableArray<AuditEntry> audit
    ) =>
        Storage.States.WriteAsync(
            kind,
            row.LeadId,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Audit = audit, Listings = [new LeadListing(row)] },
            CancellationToken.None
        );

    private Task<long?> WriteNone(
        string id,
        long expected,
        string kind = Kind,
        params ImmutableArray<AuditEntry> audit
    ) =>
        Storage.States.WriteAsync(
            kind,
            id,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Audit = audit, Listings = [new LeadListing(null)] },
            CancellationToken.None
        );

    private Task<ImmutableArray<LeadRow>> Page(LeadQuery query) =>
        Storage.Leads.ReadAsync(query, CancellationToken.None);

    /// <summary>All pages, and of them the leads whose ids begin so.</summary>
    private async Task<List<LeadRow>> All(string prefix, LeadQuery query)
    {
        List<LeadRow> rows = [];
        ImmutableArray<LeadRow> page;
        do
        {
            page = await Page(query);
            rows.AddRange(page);
            query = page.IsEmpty ? query : query with { After = new LeadCursor(page[^1].CreatedAt, page[^1].LeadId) };
        } while (page.Length == query.Limit);

        return [.. rows.Where(row => row.LeadId.StartsWith(prefix, StringComparison.Ordinal))];
    }

    private async Task<IEnumerable<string>> Ids(string prefix, LeadQuery query) =>
        (await All(prefix, query)).Select(row => row.LeadId);

    /// <summary>The newest first.</summary>
    private async Task<IEnumerable<string>> AuditOf(string prefix) =>
        (
            await Storage.AuditReader.ReadBackAsync(
                AuditChain.Of("lead", "leads"),
                long.MaxValue,
                10_000,
                CancellationToken.None
            )
        )
            .Select(row => AuditRecord.Read(row.Record).Entry.Id)
            .Where(id => id.StartsWith(prefix, StringComparison.Ordinal));
}
