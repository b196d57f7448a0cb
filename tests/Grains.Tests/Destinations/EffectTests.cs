using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Destinations;

/// <summary>What customers cause stands in the outbox when their messages count as applied, once, whatever fails in between.</summary>
public sealed class EffectTests
{
    private const string Hook = "hook";

    private const string Policy = """
        owner: {team: growth, contact: growth}
        destinations:
          hook:
            kind: webhook
            address: https://hooks.example.com/c360
            secrets: [HOOK]
            purpose: ads
            role: marketing-automation
            effects: [profile.changed, message, lead.handoff, customer.merged, customer.split]
            messages: [Order]
        """;

    private static readonly DateTimeOffset s_far = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Messages_CauseWhatDestinationsWant_AndNothingElse()
    {
        await using TestGrid grid = await Start();

        await grid.CollectApplied(Track("m1", "u-1", null, "Clicked"));
        Assert.Empty(await Waiting(grid));
        await grid.CollectApplied(Track("m2", "u-1", null, "Order"));
        await grid.CollectApplied(Identify("m3", "u-1", null, new JsonObject { ["plan"] = "pro" }));
        await grid.CollectApplied(Identify("m4", "u-1", null, new JsonObject { ["plan"] = "free" }));

        Effect[] effects = await Waiting(grid);
        string customer = (await grid.OwnerOf("user_id:u-1"))!;
        // The second change is said by the one that waits.
        Assert.Equal([EffectKind.Message, EffectKind.ProfileChanged], effects.Select(effect => effect.Kind));
        Assert.All(effects, effect => Assert.Equal(customer, effect.CustomerId));
        Assert.Equal("Order", effects[0].Name);
        Assert.NotNull(Effect.PlaceOf(effects[0].Cause));
    }

    [Fact]
    public async Task Messages_WithoutDestinations_CauseNothing()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        await grid.CollectApplied(Identify("m1", "u-1", null, new JsonObject { ["plan"] = "pro" }));

        Assert.Empty(await Waiting(grid));
    }

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Message_WhenAnyOneWriteFails_CausesItOnce(FaultKind kind)
    {
        await using TestGrid grid = await Start();
        int writes = int.MaxValue;
        for (int failing = 1; failing <= writes; failing++)
        {
            await grid.CollectApplied(Track($"first-{failing}", $"u-{failing}", null, "Clicked"));
            grid.Faults.Plan(number => number == failing ? kind : null);
            await grid.CollectApplied(Track($"order-{failing}", $"u-{failing}", null, "Order"));
            writes = Math.Min(writes, grid.Faults.Writes + 1);
            grid.Faults.Heal();
            Assert.Equal(EffectKind.Message, Assert.Single(await Take(grid)).Kind);
        }

        Assert.InRange(writes, 1, 20);
    }

    [Fact]
    public async Task Message_WhenTheProcessDiesAtAnyWrite_CausesItAllTheSame()
    {
        await using TestGrid grid = await Start();
        int dying = 1;
        for (; ; dying++)
        {
            grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
            await grid.Collect(applied: false, Track($"order-{dying}", $"u-{dying}", null, "Order"));
            if (!await grid.Reached(write: dying))
            {
                break;
            }

            await grid.CrashAndRestartAsync();
            await Follow(grid);
            Assert.Equal($"u-{dying}", await UserOf(grid, Assert.Single(await Take(grid))));
        }

        // A claim, a record, the list of identifiers, and the message.
        Assert.InRange(dying, 3, 20);
    }

    [Fact]
    public async Task Merge_AndItsUndoing_CauseWhatTheyChanged()
    {
        await using TestGrid grid = await Start();
        await grid.CollectApplied(Track("m1", null, "a-1", "Clicked"));
        await grid.CollectApplied(Track("m2", "u-1", null, "Clicked"));
        string older = (await grid.OwnerOf("anonymous_id:a-1"))!;
        string younger = (await grid.OwnerOf("user_id:u-1"))!;

        await grid.CollectApplied(Track("m3", "u-1", "a-1", "Clicked"));

        Effect[] effects = await Waiting(grid);
        Effect merged = Assert.Single(effects, effect => effect.Kind == EffectKind.CustomersMerged);
        Assert.Equal((younger, older), (merged.CustomerId, merged.OtherId));
        Assert.Equal(older, Assert.Single(effects, effect => effect.Kind == EffectKind.ProfileChanged).CustomerId);
        await Take(grid);

        UndoReply(
            await grid
                .Grains.GetGrain<ICustomerGrain>(younger)
                .UndoMerge(
                    new UndoRequest(merged.Cause, "d_undo", [Identifier.Parse("user_id:u-1")], "wrong", "ann", s_far)
                )
        );

        Effect[] undone = await Waiting(grid);
        Effect split = Assert.Single(undone, effect => effect.Kind == EffectKind.CustomerSplit);
        Assert.Equal((younger, older, "d_undo"), (split.CustomerId, split.OtherId, split.Cause));
        Assert.Equal(
            new[] { older, younger }.Order(StringComparer.Ordinal),
            undone.Where(effect => effect.Kind == EffectKind.ProfileChanged).Select(effect => effect.CustomerId)
        );
    }

    [Fact]
    public async Task Withdrawal_IsToldForItsPurposeOnly()
    {
        await using TestGrid grid = await Start();
        await grid.CollectApplied(Says("m1", "ads", grants: true), Says("m2", "profiling", grants: true));
        Assert.Equal(EffectKind.ProfileChanged, Assert.Single(await Take(grid)).Kind);

        await grid.CollectApplied(Says("m3", "profiling", grants: false));
        Assert.Equal(EffectKind.ProfileChanged, Assert.Single(await Take(grid)).Kind);
        await grid.CollectApplied(Says("m4", "ads", grants: false));
        await grid.CollectApplied(Says("m5", "ads", grants: false));

        Effect[] effects = await Waiting(grid);
        Assert.Equal([EffectKind.ProfileChanged, EffectKind.ConsentWithdrawn], effects.Select(effect => effect.Kind));
        Assert.Equal("ads", effects[1].Name);
    }

    [Fact]
    public async Task Erasure_NamesWhatIsToBeDeleted()
    {
        await using TestGrid grid = await Start();
        await grid.CollectApplied(Track("m1", "u-1", "a-1", "Clicked"));
        string customer = (await grid.OwnerOf("user_id:u-1"))!;

        EraseReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(customer)
            .Erase([Identifier.Parse("user_id:u-1"), Identifier.Parse("anonymous_id:a-1")], "pr_1");

        Assert.True(reply.IsErased);
        Effect erased = Assert.Single(await Waiting(grid));
        Assert.Equal((EffectKind.PersonErased, customer, "pr_1"), (erased.Kind, erased.CustomerId, erased.Cause));
        Assert.Equal(["anonymous_id:a-1", "user_id:u-1"], erased.Identifiers.AsEnumerable());
    }

    private static void UndoReply(SplitReply reply) => Assert.Null(reply.Refused);

    private static async Task<TestGrid> Start()
    {
        TestGrid grid = await TestGrid.StartAsync();
        PolicyReply reply = await Policies.Put(grid, DestinationPolicyKind.KindName, Policy);
        Assert.Null(reply.Objection);
        await Follow(grid);
        // What is caused is looked at here, and not sent.
        await grid.Grains.GetGrain<IDestinationGrain>(Hook).Pause("test");
        return grid;
    }

    private static Task Follow(TestGrid grid) =>
        TestGrid.Until(() => !grid.Services.GetRequiredService<IPolicy<DestinationPolicy>>().Current.Demand.IsNothing);

    /// <summary>What waits, customer by customer, in the order in which it is sent.</summary>
    private static async Task<Effect[]> Waiting(TestGrid grid) =>
        [
            .. (
                await grid
                    .Services.GetRequiredService<IOutbox>()
                    .ReadAsync(new DeliveryQuery(Hook) { IsWaiting = true }, CancellationToken.None)
            ).Select(row => row.Effect),
        ];

    /// <summary>Takes all that waits, and counts it as sent.</summary>
    private static async Task<Effect[]> Take(TestGrid grid)
    {
        var outbox = grid.Services.GetRequiredService<IOutbox>();
        List<Effect> all = [];
        ImmutableArray<OutboxItem> items;
        do
        {
            items = await outbox.TakeAsync(
                Hook,
                new OutboxLease("test", s_far.AddDays(1)),
                s_far,
                100,
                CancellationToken.None
            );
            await outbox.SettleAsync(
                Hook,
                "test",
                [.. items.Select(item => new DeliveryResult(item, DeliveryOutcome.Sent))],
                s_far,
                CancellationToken.None
            );
            all.AddRange(items.Select(item => item.Effect));
        } while (!items.IsEmpty);

        return [.. all];
    }

    private static async Task<string> UserOf(TestGrid grid, Effect effect)
    {
        CustomerIdentity identity = await grid.Grains.GetGrain<ICustomerGrain>(effect.CustomerId).GetIdentity();
        return Assert.Single(identity.Facts.Held).Identifier.Value;
    }

    private static JsonObject Says(string messageId, string purpose, bool grants)
    {
        JsonObject message = Identify(messageId, "u-1", null);
        message["context"] = new JsonObject
        {
            ["consent"] = new JsonObject { ["categoryPreferences"] = new JsonObject { [purpose] = grants } },
        };
        return message;
    }
}
