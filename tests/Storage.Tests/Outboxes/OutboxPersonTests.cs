using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests;

/// <summary>Whom a destination was told of, so that what corrects it goes to it and to no other.</summary>
public abstract class OutboxPersonTests(TestDatabase database) : OutboxSuite(database)
{
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
        Assert.Equal(2, (await Take("merged", Later.AddHours(1))).Length);
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
    public async Task Settle_OfWhatWasSentOfAnother_CountsTheOtherAsSent()
    {
        await Cause("about", Effect.Message("c_told", "Order", new LogPlace(1, 1), Noon));
        await Settle(
            "about",
            Assert.Single(await Take("about")),
            DeliveryOutcome.Sent,
            result => result with { Reason = "", AboutId = "c_other" }
        );
        await Cause("about", Effect.Message("c_lost", "Order", new LogPlace(1, 2), Noon));
        await Settle(
            "about",
            Assert.Single(await Take("about")),
            DeliveryOutcome.Retry,
            result => result with { MayHaveArrived = true, AboutId = "c_third" }
        );

        await Cause("about", [.. ((string[])["c_other", "c_third", "c_fourth"]).Select(Erased)]);

        Dictionary<string, bool> before = (await Take("about", Later.AddDays(-1)))
            .Where(item => item.Effect.Kind == EffectKind.PersonErased)
            .ToDictionary(item => item.Effect.CustomerId, item => item.SentBefore, StringComparer.Ordinal);
        Assert.Equal(
            [("c_fourth", false), ("c_other", true), ("c_third", true)],
            before.OrderBy(one => one.Key).Select(one => (one.Key, one.Value))
        );

        static Effect Erased(string customer) => Effect.Erased(customer, "pr_1", [], Noon);
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
    public async Task Split_WhileTheWholeIsUnderWay_CountsThePartAsSent()
    {
        await Cause("apart", Effect.ProfileChanged("c_both", "log:1:1", Noon));
        await Take("apart");
        await Cause("apart", Effect.Split("c_one", "c_both", "d_1", Noon));

        Assert.True(Assert.Single(await Take("apart")).SentBefore);
    }

    [DatabaseFact]
    public async Task Settle_OfATryThatMayHaveArrived_CountsAsSent()
    {
        foreach (DeliveryOutcome outcome in (DeliveryOutcome[])[DeliveryOutcome.Retry, DeliveryOutcome.Failed])
        {
            foreach (bool mayHaveArrived in (bool[])[true, false])
            {
                string destination = $"lost-{outcome}-{mayHaveArrived}";
                await Cause(destination, Effect.ProfileChanged("c_lost", "log:1:1", Noon));
                OutboxItem item = Assert.Single(await Take(destination));
                await Settle(destination, item, outcome, result => result with { MayHaveArrived = mayHaveArrived });
                if (outcome == DeliveryOutcome.Retry)
                {
                    // Meanwhile she has said no.
                    await Settle(destination, await Take(destination), DeliveryOutcome.Withheld, "consent_denied");
                }

                await Cause(destination, Effect.Erased("c_lost", "pr_1", [], Noon));
                Assert.Equal(mayHaveArrived, Assert.Single(await Take(destination)).SentBefore);
            }
        }
    }

    [DatabaseFact]
    public async Task Take_OfWhatSomebodyTookAndNeverSettled_CountsAsSent()
    {
        await Cause("silent", Effect.ProfileChanged("c_silent", "log:1:1", Noon));
        Assert.False(Assert.Single(await Take("silent", lease: "gone")).SentBefore);
        OutboxItem again = Assert.Single(await Take("silent", Later.AddHours(1)));
        Assert.True(again.SentBefore);
        await Settle("silent", [again], DeliveryOutcome.Withheld, "consent_denied");
        await Cause("silent", Effect.ConsentWithdrawn("c_silent", "ads", "log:1:2", Noon));

        Assert.True(Assert.Single(await Take("silent", Later.AddHours(1))).SentBefore);
    }

    [DatabaseFact]
    public async Task Take_OfACorrectionThatNobodySettled_IsNoReasonToTellIt()
    {
        await Cause("quiet", Effect.Erased("c_quiet", "pr_1", [Identifier.Create("email", "jane@x.com")], Noon));
        await Take("quiet", lease: "gone");

        Assert.False(Assert.Single(await Take("quiet", Later.AddHours(1))).SentBefore);
    }

    [DatabaseFact]
    public async Task Settle_OfAnErasureThatDidNotHappen_KeepsByWhatThePersonWasKnown()
    {
        await Send("kept", Effect.ProfileChanged("c_kept", "log:1:1", Noon));
        await Cause("kept", Effect.Erased("c_kept", "pr_1", [Identifier.Create("email", "jane@x.com")], Noon));
        await Settle("kept", await Take("kept"), DeliveryOutcome.Withheld, "not_supported");

        DeliveryRow left = Assert.Single(await Done("kept"));
        Assert.Equal(["email:jane@x.com"], left.Effect.Identifiers.AsEnumerable());
        await Storage.Outbox.ReplayAsync(
            new DeliveryQuery("kept") { Outcome = DeliveryOutcome.Withheld },
            Later,
            default
        );
        OutboxItem again = Assert.Single(await Take("kept"));
        Assert.True(again.SentBefore);
        Assert.Equal(["email:jane@x.com"], again.Effect.Identifiers.AsEnumerable());
        // Of whom the destination never had anything nothing is to be done.
        await Settle("kept", [again], DeliveryOutcome.Withheld, DeliveryWords.NeverSent);
        Assert.Empty(Assert.Single(await Done("kept")).Effect.Identifiers);
    }
}
