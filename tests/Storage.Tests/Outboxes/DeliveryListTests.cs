using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>What became of deliveries: read, sent again, and removed.</summary>
public abstract class DeliveryListTests(TestDatabase database) : OutboxSuite(database)
{
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
        Assert.Equal(0, await Storage.Outbox.ReplayAsync(failed with { CustomerId = "c_r2" }, Later, default));
        Assert.Equal(0, await Storage.Outbox.ReplayAsync(failed with { To = Noon }, Later, default));
        Assert.Equal(1, await Storage.Outbox.ReplayAsync(failed with { From = Noon }, Later, default));
        Assert.Equal(0, await Storage.Outbox.ReplayAsync(failed, Later, default));

        OutboxItem again = Assert.Single(await Take("replay"));
        Assert.Equal((Effect.LeadHandoff("c_r1", "l_1", "1", Noon).Id, 0), (again.Effect.Id, again.Tries));
        await Settle("replay", [again], DeliveryOutcome.Sent);
        Assert.Equal(
            1,
            await Storage.Outbox.ReplayAsync(new DeliveryQuery("replay") { Reason = "consent_denied" }, Later, default)
        );
    }

    [DatabaseFact]
    public async Task Replay_OfWhatFailsAtOnce_ComesToAnEnd()
    {
        await Cause("ends", Effect.LeadHandoff("c_e1", "l_1", "1", Noon), Effect.LeadHandoff("c_e2", "l_2", "1", Noon));
        await Settle("ends", await Take("ends"), DeliveryOutcome.Failed, "refused", 422);
        var failed = new DeliveryQuery("ends")
        {
            Outcome = DeliveryOutcome.Failed,
            DoneBefore = Later.AddSeconds(1),
            Limit = 1,
        };

        for (int call = 1; call <= 2; call++)
        {
            Assert.Equal(1, await Storage.Outbox.ReplayAsync(failed, Later, default));
            await Settle("ends", await Take("ends"), DeliveryOutcome.Failed, "refused", 422, at: Later.AddSeconds(1));
        }

        Assert.Equal(0, await Storage.Outbox.ReplayAsync(failed, Later, default));
        Assert.Equal(2, (await Done("ends", DeliveryOutcome.Failed)).Length);
        Assert.Equal(1, await Storage.Outbox.ReplayAsync(failed with { DoneBefore = null }, Later, default));
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
        await Send("trim", Effect.LeadHandoff("c_t1", "l_2", "1", Noon), at: Later.AddDays(2));

        Assert.Equal(0, await Storage.Outbox.TrimAsync("trim", DeliveryOutcome.Failed, Later.AddDays(1), 100, default));
        Assert.Equal(1, await Storage.Outbox.TrimAsync("trim", DeliveryOutcome.Sent, Later.AddDays(1), 100, default));

        Assert.Equal("l_2", Assert.Single(await Done("trim")).Effect.Name);
    }
}
