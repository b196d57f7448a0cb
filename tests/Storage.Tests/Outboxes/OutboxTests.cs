using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What is written is taken once and in order, and by one taker at a time.</summary>
public abstract class OutboxTests(TestDatabase database) : OutboxSuite(database)
{
    [DatabaseFact]
    public async Task Take_WhenReadBack_GivesTheSameEffects()
    {
        Effect[] effects =
        [
            Effect.ProfileChanged("c_same1", "log:1:2", Noon.AddTicks(10)),
            Effect.Message("c_same2", "Order Completed", new LogPlace(1, 3), Noon),
            Effect.Merged("c_same3", "c_same9", "d_1", Noon),
            Effect.Erased("c_same4", "pr_1", [Identifier.Create("email", "jane@x.com")], Noon),
        ];
        foreach (Effect effect in effects)
        {
            await Cause("same", effect);
        }

        await Database.ReopenAsync();
        ImmutableArray<OutboxItem> taken = await Take("same");

        Assert.Equal(
            effects.Select(Text),
            taken.Select(item => item.Effect).OrderBy(effect => effect.CustomerId, StringComparer.Ordinal).Select(Text)
        );
        Assert.All(
            taken,
            item => Assert.Equal((1, 0, false, false), (item.Sequence, item.Tries, item.SentBefore, item.HasGap))
        );
    }

    [DatabaseFact]
    public async Task Write_WhenAnotherCameFirst_CausesNothing()
    {
        await Cause("first", Effect.ProfileChanged("c_first", "log:1:1", Noon));

        Assert.Null(
            await Write(
                "c_first",
                expected: 5,
                [new OutboxRow("first", Effect.LeadHandoff("c_first", "l_1", "1", Noon))]
            )
        );

        Assert.Equal(EffectKind.ProfileChanged, Assert.Single(await Take("first")).Effect.Kind);
        Assert.Equal(1, (await Storage.Outbox.ReadStandingAsync("first", default)).Waiting);
    }

    [DatabaseFact]
    public async Task Write_OfAnEffectThatIsKnown_ChangesNothing()
    {
        Effect effect = Effect.LeadHandoff("c_known", "l_1", "1", Noon);
        await Cause("known", effect, effect);
        await Cause("known", effect);
        await Settle("known", await Take("known"), DeliveryOutcome.Sent);
        await Cause("known", effect);

        Assert.Empty(await Take("known"));
        Assert.Equal(0, (await Storage.Outbox.ReadStandingAsync("known", default)).Waiting);
        Assert.Equal(1, (await Storage.Outbox.ReadStandingAsync("known", default)).Sent);
    }

    [DatabaseFact]
    public async Task Take_OfOneCustomer_GivesOneAfterTheOther()
    {
        Effect[] effects =
        [
            .. Enumerable.Range(1, 5).Select(number => Effect.LeadHandoff("c_order", $"l_{number}", "1", Noon)),
        ];
        await Cause("order", effects[..3]);
        await Cause("order", effects[3..]);

        List<string> told = [];
        while (await Take("order") is [var item])
        {
            Assert.Empty(await Take("order"));
            told.Add(item.Effect.Name);
            await Settle("order", [item], DeliveryOutcome.Sent);
        }

        Assert.Equal(["l_1", "l_2", "l_3", "l_4", "l_5"], told);
    }

    [DatabaseFact]
    public async Task Take_WhileOneCustomerWaits_GivesTheOthers()
    {
        await Cause(
            "pass",
            Effect.LeadHandoff("c_slow", "l_1", "1", Noon),
            Effect.LeadHandoff("c_slow", "l_2", "1", Noon)
        );
        OutboxItem slow = Assert.Single(await Take("pass"));
        await Retry("pass", slow, Later.AddMinutes(5));
        await Cause("pass", Effect.LeadHandoff("c_fast", "l_3", "1", Noon));

        OutboxItem fast = Assert.Single(await Take("pass"));
        Assert.Equal("c_fast", fast.Effect.CustomerId);
        await Settle("pass", [fast], DeliveryOutcome.Sent);

        ImmutableArray<DeliveryRow> waiting = await Storage.Outbox.ReadAsync(
            new DeliveryQuery("pass") { IsWaiting = true },
            default
        );
        Assert.Equal(
            [("l_1", "unreachable", 1), ("l_2", "", 0)],
            waiting.Select(row => (row.Effect.Name, row.Reason, row.Tries))
        );
        OutboxItem again = Assert.Single(await Take("pass", Later.AddMinutes(5)));
        Assert.Equal(("l_1", 1), (again.Effect.Name, again.Tries));
        Assert.Equal(slow.FirstTriedAt, again.FirstTriedAt);
    }

    [DatabaseFact]
    public async Task Take_OfAsManyAsAreWanted_GivesThoseThatAreDueFirst()
    {
        for (int number = 0; number < 10; number++)
        {
            await Cause("many", Effect.ProfileChanged($"c_many{number}", "log:1:1", Noon));
        }

        ImmutableArray<OutboxItem> first = await Take("many", limit: 4);
        ImmutableArray<OutboxItem> rest = await Take("many");

        Assert.Equal((4, 6), (first.Length, rest.Length));
        Assert.Equal(10, first.Concat(rest).Select(item => item.Effect.CustomerId).Distinct().Count());
    }

    [DatabaseFact]
    public async Task Lease_WhenItEnds_IsAnothers()
    {
        await Cause("lease", Effect.ProfileChanged("c_lease", "log:1:1", Noon));
        ImmutableArray<OutboxItem> first = await Take("lease");
        Assert.Empty(await Take("lease", Later.AddSeconds(59)));

        ImmutableArray<OutboxItem> second = await Take("lease", Later.AddSeconds(60), lease: "other");

        Assert.Equal(1, Assert.Single(second).Tries);
        Assert.Equal(0, await Settle("lease", first, DeliveryOutcome.Failed));
        Assert.Equal(1, await Settle("lease", second, DeliveryOutcome.Sent, lease: "other"));
        Assert.Equal(0, await Settle("lease", second, DeliveryOutcome.Sent, lease: "other"));
        Assert.Equal(DeliveryOutcome.Sent, Assert.Single(await Done("lease")).Outcome);
    }

    [DatabaseFact]
    public async Task Write_OfAStateThatWaits_IsSaidByTheOneThatWaits()
    {
        await Cause("state", Effect.ProfileChanged("c_state", "log:1:1", Noon));
        await Cause("state", Effect.ProfileChanged("c_state", "log:1:2", Noon));
        OutboxItem taken = Assert.Single(await Take("state"));
        // It is being sent, and may have been read before this change.
        await Cause("state", Effect.ProfileChanged("c_state", "log:1:3", Noon));
        await Cause("state", Effect.ProfileChanged("c_state", "log:1:4", Noon));
        await Settle("state", [taken], DeliveryOutcome.Sent);

        OutboxItem next = Assert.Single(await Take("state"));
        Assert.Equal(("log:1:1", "log:1:3"), (taken.Effect.Cause, next.Effect.Cause));
        // Who waits for another try has not said it yet.
        await Retry("state", next, Later);
        await Cause("state", Effect.ProfileChanged("c_state", "log:1:5", Noon));
        await Settle("state", await Take("state"), DeliveryOutcome.Sent);
        Assert.Empty(await Take("state"));
    }

    [DatabaseFact]
    public async Task Write_OfEvents_KeepsEach()
    {
        foreach (int number in Enumerable.Range(1, 3))
        {
            await Cause("events", Effect.Message("c_events", "Order", new LogPlace(0, number), Noon));
        }

        Assert.Equal(3, (await Storage.Outbox.ReadStandingAsync("events", default)).Waiting);
    }

    [DatabaseFact]
    public async Task Settle_OfWhatIsGivenUp_LetsTheNextGoWithAMark()
    {
        await Cause(
            "gap",
            Effect.LeadHandoff("c_gap", "l_1", "1", Noon),
            Effect.LeadHandoff("c_gap", "l_2", "1", Noon)
        );
        await Settle("gap", await Take("gap"), DeliveryOutcome.Failed, "refused", 422, "no such owner");

        OutboxItem next = Assert.Single(await Take("gap"));
        Assert.True(next.HasGap);
        Assert.False(next.SentBefore);
        await Settle("gap", [next], DeliveryOutcome.Sent);
        await Cause("gap", Effect.LeadHandoff("c_gap", "l_3", "1", Noon));
        OutboxItem last = Assert.Single(await Take("gap"));
        Assert.Equal((false, true), (last.HasGap, last.SentBefore));

        DeliveryRow failed = Assert.Single(await Done("gap", DeliveryOutcome.Failed));
        Assert.Equal(
            ("l_1", "refused", 422, 1, "no such owner"),
            (failed.Effect.Name, failed.Reason, failed.Status, failed.Tries, failed.Note)
        );
    }

    [DatabaseFact]
    public async Task Settle_OfWhatWasNoTry_CountsNone()
    {
        await Cause("none", Effect.ProfileChanged("c_none", "log:1:1", Noon));
        OutboxItem item = Assert.Single(await Take("none"));
        await NoTry(item);

        // Two days later it is a first try still: it has been tried for no time at all.
        OutboxItem first = Assert.Single(await Take("none", Later.AddDays(2)));
        Assert.Equal((0, Later.AddDays(2)), (first.Tries, first.FirstTriedAt));
        await Retry("none", first, Later.AddDays(2));
        OutboxItem second = Assert.Single(await Take("none", Later.AddDays(3)));
        await NoTry(second);

        OutboxItem third = Assert.Single(await Take("none", Later.AddDays(4)));
        Assert.Equal((1, Later.AddDays(2)), (third.Tries, third.FirstTriedAt));

        Task<int> NoTry(OutboxItem one) =>
            Settle("none", one, DeliveryOutcome.Retry, result => result with { IsNoTry = true });
    }

    [DatabaseFact]
    public async Task Writes_OfManyAtOnce_LoseNoneAndKeepTheirOrder()
    {
        string[] customers = [.. Enumerable.Range(0, 20).Select(number => $"c_race{number:00}")];
        Task[] writers =
        [
            .. customers.Select(
                async (customer, place) =>
                {
                    for (int number = 0; number < 10; number++)
                    {
                        // Each also causes something of its neighbour, so transactions want the same rows in other orders.
                        string other = customers[(place + 7) % customers.Length];
                        await Write(
                            $"{customer}-{number}",
                            0,
                            [
                                new OutboxRow("race", Effect.LeadHandoff(customer, $"{number}", "own", Noon)),
                                new OutboxRow("race", Effect.LeadHandoff(other, $"{number}", "other", Noon)),
                            ]
                        );
                    }
                }
            ),
        ];
        List<OutboxItem> told = [];
        while (told.Count < 400)
        {
            ImmutableArray<OutboxItem> taken = await Take("race", limit: 7);
            told.AddRange(taken);
            await Settle("race", taken, DeliveryOutcome.Sent);
        }

        await Task.WhenAll(writers);
        Assert.Empty(await Take("race"));
        Assert.Equal(400, told.Select(item => item.Effect.Id).Distinct().Count());
        foreach (var subject in told.GroupBy(item => (item.Effect.CustomerId, item.Effect.Cause)))
        {
            Assert.Equal(
                Enumerable.Range(0, 10).Select(number => $"{number}"),
                subject.Select(item => item.Effect.Name)
            );
        }
    }

    private static string Text(Effect effect) =>
        $"{effect with { Identifiers = [] }} {string.Join(' ', effect.Identifiers)}".Replace(
            "System.Collections.Immutable.ImmutableArray`1[System.String]",
            "",
            StringComparison.Ordinal
        );
}
