using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Destinations;

/// <summary>Consent is asked when something is sent, and what was sent is followed by what corrects it.</summary>
public sealed class DeliveryTests
{
    /// <summary>Sales may write to whoever has not said no.</summary>
    internal const string Consent = "purposes:\n  sales-contact: {choice: opt-out, basis: legitimate-interest}\n";

    private const string Policy = """
        owner: {team: growth, contact: growth}
        destinations:
          ads:
            kind: webhook
            address: https://ads.example.com/hook
            secrets: [ADS]
            purpose: sales-contact
            role: sales
            effects: [profile.changed, message]
        """;

    [Fact]
    public async Task Consent_IsAskedAtTheMomentOfSending_NotWhenItWasCaused()
    {
        var ads = new FakeReceiver();
        await using TestGrid grid = await Start(ads);
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("ads");
        await destination.Pause("test");
        // While it waits she says yes, and no again.
        await grid.CollectApplied(Says("m1", grants: true), Track("m2", "u-1", null, "Order"));
        await grid.CollectApplied(Says("m3", grants: false));

        await destination.Resume("test");
        await TestGrid.UntilAsync(async () => await destination.Get() is { Waiting: 0 });

        Assert.Empty(ads.Requests);
        Assert.All(
            await destination.List(Filter("withheld")),
            line => Assert.Contains(line.Reason, (string[])["consent_denied", "never_sent"])
        );

        // A replay asks anew: now she says yes.
        await grid.CollectApplied(Says("m4", grants: true));
        await TestGrid.UntilAsync(async () => await destination.Get() is { Sent: > 0, Waiting: 0 });
        await destination.Replay(Filter("withheld") with { Reason = "consent_denied" });
        await TestGrid.UntilAsync(async () =>
            (await destination.Get()) is { Waiting: 0 }
            && ads.Bodies.Any(body => body.GetProperty("type").GetString() == "message")
        );
    }

    [Fact]
    public async Task Withdrawal_IsToldToWhoWasSentThePerson_AndThenNothingMore()
    {
        var ads = new FakeReceiver();
        await using TestGrid grid = await Start(ads);
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("ads");
        await grid.CollectApplied(Says("m1", grants: true));
        await TestGrid.UntilAsync(async () => await destination.Get() is { Sent: > 0, Waiting: 0 });

        await grid.CollectApplied(Says("m2", grants: false));
        await grid.CollectApplied(Identify("m3", "u-1", null, new JsonObject { ["plan"] = "gold" }));
        await TestGrid.UntilAsync(async () => await destination.Get() is { Waiting: 0, Withheld: > 0 });
        await TestGrid.UntilAsync(() =>
            Task.FromResult(ads.Bodies.Any(body => body.GetProperty("type").GetString() == "consent.withdrawn"))
        );

        JsonElement last = ads.Bodies.Last();
        Assert.Equal("consent.withdrawn", last.GetProperty("type").GetString());
        Assert.Equal("sales-contact", last.GetProperty("data").GetProperty("purpose").GetString());
        Assert.DoesNotContain(
            "gold",
            string.Join(' ', ads.Bodies.Select(body => body.ToString())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Message_ThatASplitTookAway_IsToldAsWhoseItIsNow_WithTheirConsent()
    {
        var ads = new FakeReceiver();
        await using TestGrid grid = await Start(ads);
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("ads");
        await destination.Pause("test");
        await grid.CollectApplied(Track("m1", "u-1", "a-1", "Clicked"));
        // What the device does is folded by the customer of both.
        await grid.CollectApplied(Track("m2", null, "a-1", "Order"));
        string whole = (await grid.OwnerOf("user_id:u-1"))!;

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        const string SplitId = "d_00000000000000000000000000000001";
        string part = CustomerId.ForSplit(SplitId, whole, now);
        SplitReply split = await grid
            .Grains.GetGrain<ICustomerGrain>(part)
            .SplitFrom(new SplitRequest(SplitId, whole, [Identifier.Parse("anonymous_id:a-1")], "test", "test", now));
        Assert.Null(split.Refused);
        // One says no, and the other yes.
        await grid.CollectApplied(Says("m3", grants: false));
        await grid.CollectApplied(Says("m4", grants: true, user: null, device: "a-1"));
        await destination.Resume("test");
        await TestGrid.UntilAsync(async () => await destination.Get() is { Waiting: 0 });

        JsonElement told = Assert.Single(ads.Bodies, body => TypeOf(body) == "message" && MessageIdOf(body) == "m2");
        Assert.Equal(part, told.GetProperty("data").GetProperty("customerId").GetString());
        Assert.DoesNotContain(ads.Bodies, body => TypeOf(body) == "message" && MessageIdOf(body) == "m1");
    }

    [Fact]
    public async Task Erasure_OfWhoTheSentOneHasBecome_IsTold_ThoughMergesWereNotChosen()
    {
        var ads = new FakeReceiver();
        await using TestGrid grid = await Start(ads);
        await grid.CollectApplied(Track("m1", null, "a-1", "Clicked"));
        await grid.CollectApplied(Says("m2", grants: true));
        await UntilTold(ads, "profile.changed");
        string older = (await grid.OwnerOf("anonymous_id:a-1"))!;

        await grid.CollectApplied(Track("m3", "u-1", "a-1", "Clicked"));
        await TestGrid.UntilAsync(async () => await grid.OwnerOf("user_id:u-1") == older);
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("ads");
        await TestGrid.UntilAsync(async () => await destination.Get() is { Waiting: 0 });
        EraseReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(older)
            .Erase([Identifier.Parse("user_id:u-1"), Identifier.Parse("anonymous_id:a-1")], "pr_1");
        Assert.True(reply.IsErased);

        JsonElement told = await UntilTold(ads, "person.erased");
        Assert.Equal(older, told.GetProperty("data").GetProperty("customerId").GetString());
        Assert.DoesNotContain(ads.Bodies, body => TypeOf(body) == "customer.merged");
    }

    [Fact]
    public async Task Merge_WithSomebodyWhoSaidNo_TellsWhoWasSentTheOther()
    {
        var ads = new FakeReceiver();
        await using TestGrid grid = await Start(ads);
        await grid.CollectApplied(Says("m1", grants: false, user: null, "a-1"));
        await grid.CollectApplied(Says("m2", grants: true));
        await UntilTold(ads, "profile.changed");

        // The device that said no is the user's: they are one now, and have said no.
        await grid.CollectApplied(Track("m3", "u-1", "a-1", "Clicked"));

        JsonElement told = await UntilTold(ads, "consent.withdrawn");
        Assert.Equal(
            await grid.OwnerOf("anonymous_id:a-1"),
            told.GetProperty("data").GetProperty("customerId").GetString()
        );
    }

    [Fact]
    public async Task Withdrawal_BehindAnAnswerThatWasLost_IsTold()
    {
        var ads = new FakeReceiver { Answer = static (_, number) => (number == 1 ? 0 : 200, "") };
        await using TestGrid grid = await Start(ads);
        await grid.CollectApplied(Says("m1", grants: true));
        await TestGrid.Until(() => ads.Requests.Count > 0);

        await grid.CollectApplied(Says("m2", grants: false));

        await UntilTold(ads, "consent.withdrawn");
    }

    [Fact]
    public async Task Deliveries_OfManyCustomers_AreEachSentOnceInTheirOrder()
    {
        var ads = new FakeReceiver { Answer = static (_, number) => (number % 7 == 0 ? 503 : 200, "") };
        using var consent = new PolicyFolderOf("consent.yaml", Consent);
        await using TestGrid grid = await Start(
            ads,
            Policy.Replace("[profile.changed, message]", "[message]", StringComparison.Ordinal),
            consent.Setting
        );
        IDestinationGrain destination = grid.Grains.GetGrain<IDestinationGrain>("ads");
        for (int number = 1; number <= 10; number++)
        {
            await grid.CollectApplied([
                .. Enumerable
                    .Range(0, 5)
                    .Select(user => Track($"m{user}-{number}", $"u-{user}", null, $"u-{user} {number}")),
            ]);
        }

        await TestGrid.UntilAsync(async () => await destination.Get() is { Waiting: 0, Sent: 50 });

        var taken = ads
            .Requests.Zip(Enumerable.Range(1, ads.Requests.Count))
            .Where(one => one.Second % 7 != 0)
            .Select(one =>
                JsonDocument
                    .Parse(one.First.Body)
                    .RootElement.GetProperty("data")
                    .GetProperty("message")
                    .GetProperty("name")
                    .GetString()!
            )
            .GroupBy(name => name.Split(' ')[0]);
        Assert.All(taken, user => Assert.Equal(Enumerable.Range(1, 10).Select(number => $"{user.Key} {number}"), user));
    }

    private static string? MessageIdOf(JsonElement body) =>
        body.GetProperty("data").GetProperty("message").GetProperty("messageId").GetString();

    private static string? TypeOf(JsonElement body) => body.GetProperty("type").GetString();

    private static async Task<JsonElement> UntilTold(FakeReceiver receiver, string type)
    {
        await TestGrid.Until(() => receiver.Bodies.Any(body => TypeOf(body) == type));
        return receiver.Bodies.First(body => TypeOf(body) == type);
    }

    private static DeliveryFilter Filter(string outcome) => new(outcome, null, null, null, null, null, 0, 100);

    private static async Task<TestGrid> Start(
        FakeReceiver receiver,
        string policy = Policy,
        params (string Name, string Value)[] settings
    )
    {
        TestGrid grid = await TestGrid.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IDeliverySender>(receiver);
                builder.Services.AddSingleton<IDestinationSecrets>(receiver);
            },
            settings
        );
        PolicyReply reply = await Policies.Put(grid, DestinationPolicyKind.KindName, policy);
        Assert.Null(reply.Objection);
        await TestGrid.Until(() =>
            !grid.Services.GetRequiredService<IPolicy<DestinationPolicy>>().Current.Demand.IsNothing
        );
        return grid;
    }

    private static JsonObject Says(string messageId, bool grants, string? user = "u-1", string? device = null)
    {
        JsonObject message = Identify(messageId, user, device, new JsonObject { ["plan"] = "pro" });
        message["context"] = new JsonObject
        {
            ["consent"] = new JsonObject { ["categoryPreferences"] = new JsonObject { ["sales-contact"] = grants } },
        };
        return message;
    }
}
