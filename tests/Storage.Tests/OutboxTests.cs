using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What the outbox promises. One is shared by the tests of a class, so each has destinations and customers of its own.</summary>
public abstract class OutboxTests(TestDatabase database)
{
    // What is written may be sent from the clock's now on, which is real here.
    private static readonly DateTimeOffset s_later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static int s_key;

    private GridStorage Storage => database.Storage;

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

        await database.ReopenAsync();
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
        await Retry("pass", slow, s_later.AddMinutes(5));
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
        OutboxItem again = Assert.Single(await Take("pass", s_later.AddMinutes(5)));
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
        Assert.Empty(await Take("lease", s_later.AddSeconds(59)));

        ImmutableArray<OutboxItem> second = await Take("lease", s_later.AddSeconds(60), lease: "other");

        Assert.Equal(1, Assert.Single(second).Tries);
        Assert.Equal(0, await Settle("lease", first, DeliveryOutcome.Failed));
        Assert.Equal(1, await Settle("lease", second, DeliveryOutcome.Sent, lease: "other"));
        Assert.Equal(0, await Settle("lease", second, DeliveryOutcome.Sent, lease: "other"));
        Assert.Equal(DeliveryOutcome.Sent, Assert.Single(await Done("lease")).Outcome);
    }

    [DatabaseFact]
    public async Task Release_OfWhatOthersHaveTaken_FreesItAndNothingElse()
    {
        await Cause("free", Effect.ProfileChanged("c_theirs", "log:1:1", Noon));
        ImmutableArray<OutboxItem> theirs = await Take("free", lease: "gone");
        await Cause("free", Effect.ProfileChanged("c_mine", "log:1:2", Noon));
        ImmutableArray<OutboxItem> mine = await Take("free");

        Assert.Equal(1, await Storage.Outbox.ReleaseAsync("free", "lease", s_later, default));

        OutboxItem again = Assert.Single(await Take("free"));
        Assert.Equal(("c_theirs", 1), (again.Effect.CustomerId, again.Tries));
        Assert.Equal(0, await Settle("free", theirs, DeliveryOutcome.Sent, lease: "gone"));
        Assert.Equal(2, await Settle("free", [again, .. mine], DeliveryOutcome.Sent));
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
        await Retry("state", next, s_later);
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
        await Storage.Outbox.SettleAsync(
            "none",
            "lease",
            [new DeliveryResult(item, DeliveryOutcome.Retry, "closed", RetryAt: s_later) { IsNoTry = true }],
            s_later,
            default
        );

        Assert.Equal(0, Assert.Single(await Take("none")).Tries);
    }

    [DatabaseFact]
    public async Task Merge_OfWhoWasSent_PassesItOn()
    {
        await Send("merged", Effect.ProfileChanged("c_old", "log:1:1", Noon));
        await Cause(
            "merged",
            Effect.Merged("c_old", "c_new", "d_1", Noon),
            Effect.ProfileChanged("c_old", "log:1:2", Noon)
        );
        await Cause("merged", Effect.ProfileChanged("c_new", "d_1", Noon));

        Assert.All(await Take("merged"), item => Assert.True(item.SentBefore));
        Assert.Equal(2, (await Take("merged", s_later.AddHours(1))).Length);
    }

    [DatabaseFact]
    public async Task Merge_OfWhoIsSentMeanwhile_PassesItOnWhenItIsTold()
    {
        await Cause("during", Effect.ProfileChanged("c_was", "log:1:1", Noon));
        ImmutableArray<OutboxItem> underWay = await Take("during");
        await Cause("during", Effect.Merged("c_was", "c_is", "d_1", Noon));
        await Settle("during", underWay, DeliveryOutcome.Sent);
        await Settle("during", await Take("during"), DeliveryOutcome.Sent);
        await Cause("during", Effect.Erased("c_is", "pr_1", [], Noon));

        Assert.True(Assert.Single(await Take("during")).SentBefore);
    }

    [DatabaseFact]
    public async Task Split_OfWhoWasSent_PassesItOn()
    {
        await Send("split", Effect.ProfileChanged("c_whole", "log:1:1", Noon));
        await Cause(
            "split",
            Effect.Split("c_part", "c_whole", "d_1", Noon),
            Effect.ProfileChanged("c_part", "d_1", Noon)
        );

        Assert.True(Assert.Single(await Take("split")).SentBefore);
    }

    [DatabaseFact]
    public async Task Settle_OfAnErasure_LeavesNothingOfThePerson()
    {
        await Send("erased", Effect.ProfileChanged("c_erased", "log:1:1", Noon));
        await Cause("erased", Effect.Erased("c_erased", "pr_1", [Identifier.Create("email", "jane@x.com")], Noon));
        OutboxItem item = Assert.Single(await Take("erased"));
        Assert.Equal(["email:jane@x.com"], item.Effect.Identifiers.AsEnumerable());
        await Settle("erased", [item], DeliveryOutcome.Sent);

        DeliveryRow left = Assert.Single(await Done("erased"));
        Assert.Equal((EffectKind.PersonErased, DeliveryOutcome.Sent), (left.Effect.Kind, left.Outcome));
        Assert.Empty(left.Effect.Identifiers);
        await Cause("erased", Effect.ProfileChanged("c_erased", "log:1:9", Noon));
        Assert.False(Assert.Single(await Take("erased")).SentBefore);
    }

    [DatabaseFact]
    public async Task Replay_OfDeadLetters_PutsThemBehindWhatWaits()
    {
        await Cause(
            "replay",
            Effect.LeadHandoff("c_r1", "l_1", "1", Noon),
            Effect.LeadHandoff("c_r1", "l_2", "1", Noon)
        );
        await Settle("replay", await Take("replay"), DeliveryOutcome.Failed, "refused", 422);
        await Settle("replay", await Take("replay"), DeliveryOutcome.Withheld, "consent_denied");
        await Send("replay", Effect.LeadHandoff("c_r2", "l_3", "1", Noon.AddDays(1)));

        var failed = new DeliveryQuery("replay") { Outcome = DeliveryOutcome.Failed, Reason = "refused" };
        Assert.Equal(0, await Storage.Outbox.ReplayAsync(failed with { CustomerId = "c_r2" }, s_later, default));
        Assert.Equal(0, await Storage.Outbox.ReplayAsync(failed with { To = Noon }, s_later, default));
        Assert.Equal(1, await Storage.Outbox.ReplayAsync(failed with { From = Noon }, s_later, default));
        Assert.Equal(0, await Storage.Outbox.ReplayAsync(failed, s_later, default));

        OutboxItem again = Assert.Single(await Take("replay"));
        Assert.Equal((Effect.LeadHandoff("c_r1", "l_1", "1", Noon).Id, 0), (again.Effect.Id, again.Tries));
        await Settle("replay", [again], DeliveryOutcome.Sent);
        Assert.Equal(
            1,
            await Storage.Outbox.ReplayAsync(
                new DeliveryQuery("replay") { Reason = "consent_denied" },
                s_later,
                default
            )
        );
    }

    [DatabaseFact]
    public async Task Read_PageByPage_GivesEachOnce()
    {
        for (int number = 0; number < 7; number++)
        {
            await Send("paged", Effect.LeadHandoff($"c_p{number % 2}", $"l_{number}", "1", Noon));
        }

        for (int number = 7; number < 12; number++)
        {
            await Cause("paged", Effect.LeadHandoff($"c_p{number % 2}", $"l_{number}", "1", Noon));
        }

        Assert.Equal(
            ["l_6", "l_5", "l_4", "l_3", "l_2", "l_1", "l_0"],
            await Names(new DeliveryQuery("paged") { Limit = 3 })
        );
        Assert.Equal(
            ["l_8", "l_10", "l_7", "l_9", "l_11"],
            await Names(new DeliveryQuery("paged") { IsWaiting = true, Limit = 2 })
        );
        Assert.Equal(
            ["l_6", "l_4", "l_2", "l_0"],
            await Names(new DeliveryQuery("paged") { CustomerId = "c_p0", Limit = 3 })
        );
        OutboxStanding standing = await Storage.Outbox.ReadStandingAsync("paged", default);
        Assert.Equal(
            (5, Noon, 7, 0, 0),
            (standing.Waiting, standing.OldestAt, standing.Sent, standing.Withheld, standing.Failed)
        );
        Assert.NotNull(standing.NextAt);

        async Task<List<string>> Names(DeliveryQuery query)
        {
            List<string> names = [];
            ImmutableArray<DeliveryRow> page;
            do
            {
                page = await Storage.Outbox.ReadAsync(query, default);
                names.AddRange(page.Select(row => row.Effect.Name));
                query = query with
                {
                    After = page.IsEmpty
                        ? query.After
                        : new DeliveryCursor(page[^1].Effect.CustomerId, page[^1].Number),
                };
            } while (page.Length == query.Limit);

            return names;
        }
    }

    [DatabaseFact]
    public async Task Trim_OfWhatIsOld_LeavesTheRest()
    {
        await Send("trim", Effect.LeadHandoff("c_t1", "l_1", "1", Noon));
        await Send("trim", Effect.LeadHandoff("c_t1", "l_2", "1", Noon), at: s_later.AddDays(2));

        Assert.Equal(
            0,
            await Storage.Outbox.TrimAsync("trim", DeliveryOutcome.Failed, s_later.AddDays(1), 100, default)
        );
        Assert.Equal(1, await Storage.Outbox.TrimAsync("trim", DeliveryOutcome.Sent, s_later.AddDays(1), 100, default));

        Assert.Equal("l_2", Assert.Single(await Done("trim")).Effect.Name);
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

    private async Task Cause(string destination, params Effect[] effects) =>
        Assert.NotNull(
            await Write(
                $"{destination}-{Interlocked.Increment(ref s_key)}",
                0,
                [.. effects.Select(effect => new OutboxRow(destination, effect))]
            )
        );

    private Task<long?> Write(string key, long expected, ImmutableArray<OutboxRow> rows) =>
        Storage.States.WriteAsync(
            "customer",
            key,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Outbox = rows },
            CancellationToken.None
        );

    private async Task Send(string destination, Effect effect, DateTimeOffset? at = null)
    {
        await Cause(destination, effect);
        await Settle(destination, await Take(destination), DeliveryOutcome.Sent, at: at);
    }

    private Task<ImmutableArray<OutboxItem>> Take(
        string destination,
        DateTimeOffset? at = null,
        int limit = 100,
        string lease = "lease"
    )
    {
        DateTimeOffset now = at ?? s_later;
        return Storage.Outbox.TakeAsync(destination, new OutboxLease(lease, now.AddMinutes(1)), now, limit, default);
    }

    private Task<int> Settle(
        string destination,
        ImmutableArray<OutboxItem> items,
        DeliveryOutcome outcome,
        string reason = "",
        int status = 0,
        string? note = null,
        string lease = "lease",
        DateTimeOffset? at = null
    ) =>
        Storage.Outbox.SettleAsync(
            destination,
            lease,
            [.. items.Select(item => new DeliveryResult(item, outcome, reason, status) { Note = note })],
            at ?? s_later,
            default
        );

    private Task<int> Retry(string destination, OutboxItem item, DateTimeOffset at) =>
        Storage.Outbox.SettleAsync(
            destination,
            "lease",
            [new DeliveryResult(item, DeliveryOutcome.Retry, "unreachable", RetryAt: at)],
            at,
            default
        );

    private Task<ImmutableArray<DeliveryRow>> Done(string destination, DeliveryOutcome? outcome = null) =>
        Storage.Outbox.ReadAsync(new DeliveryQuery(destination) { Outcome = outcome }, default);
}
