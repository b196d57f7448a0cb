using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Customer;

/// <summary>Who is who: create, link, merge, demote, on real grains and a real store.</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task Collect_WhenNobodyIsKnown_CreatesACustomerWithAllIdentifiers()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        await grid.CollectApplied(Identify("m1", "u1", "a1", new JsonObject { ["email"] = "Jane@Example.com" }));

        string? owner = await grid.OwnerOf("user_id:u1");
        Assert.True(CustomerId.IsValid(owner!));
        Assert.Equal(owner, await grid.OwnerOf("anonymous_id:a1"));
        Assert.Equal(owner, await grid.OwnerOf("email:jane@example.com"));
        Assert.Equal("Jane@Example.com", (string?)(await grid.Profile("user_id:u1"))["traits"]!["email"]);
        DecisionRecord created = Assert.Single(await grid.DecisionsOf(owner!));
        Assert.Equal(DecisionKinds.Created, created.Kind);
    }

    [Fact]
    public async Task Collect_WhenAnAnonymousPersonLogsIn_LinksTheUserToTheSameCustomer()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        await grid.CollectApplied(Track("m1", null, "a1"));
        string? anonymous = await grid.OwnerOf("anonymous_id:a1");
        await grid.CollectApplied(Identify("m2", "u1", "a1"));

        Assert.Equal(anonymous, await grid.OwnerOf("user_id:u1"));
        Assert.Equal(2, (long?)(await grid.Profile("user_id:u1"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Collect_WhenTwoCustomersMeet_MergesTheYoungerIntoTheOlder()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "a1", new JsonObject { ["plan"] = "pro" }));
        await grid.CollectApplied(Track("m2", null, "a2"), Track("m3", null, "a2"));
        string? older = await grid.OwnerOf("user_id:u1");
        string? younger = await grid.OwnerOf("anonymous_id:a2");
        Assert.NotEqual(older, younger);

        await grid.CollectApplied(Identify("m4", "u1", "a2"));

        Assert.Equal(older, await grid.OwnerOf("anonymous_id:a2"));
        ProfileReply stub = await grid.Grains.GetGrain<ICustomerGrain>(younger!).GetProfile();
        Assert.Equal(older, stub.MovedTo);
        JsonObject profile = await grid.Profile("anonymous_id:a2");
        Assert.Equal(4, (long?)profile["lifecycle"]!["messageCount"]);
        Assert.Equal("pro", (string?)profile["traits"]!["plan"]);
        Assert.Contains(await grid.DecisionsOf(older!), decision => decision.Kind == DecisionKinds.Merged);
    }

    [Fact]
    public async Task Collect_WhenAMergeWouldGiveOneCustomerTwoUsers_DemotesTheDevice()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "shared"));

        await grid.CollectApplied(Identify("m2", "u2", "shared"));

        string? first = await grid.OwnerOf("user_id:u1");
        string? second = await grid.OwnerOf("user_id:u2");
        Assert.NotEqual(first, second);
        Assert.Equal(first, await grid.OwnerOf("anonymous_id:shared"));
        Assert.Contains(await grid.DecisionsOf(second!), decision => decision.Kind == DecisionKinds.Demoted);
    }

    [Fact]
    public async Task Collect_WhenADemotedIdentifierComesAgain_RecordsTheDecisionOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Identify("m1", "u1", "shared"));
        for (int index = 0; index < 10; index++)
        {
            await grid.CollectApplied(Track($"t{index}", "u2", "shared"));
        }

        string? second = await grid.OwnerOf("user_id:u2");
        Assert.Single(await grid.DecisionsOf(second!), decision => decision.Kind == DecisionKinds.Demoted);
        Assert.Equal(10, (long?)(await grid.Profile("user_id:u2"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Collect_WhenAliased_LinksTheFormerIdByTheSameRules()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", null, "a1"));

        await grid.CollectApplied(Alias("m2", "u1", "a1"));

        Assert.Equal(await grid.OwnerOf("anonymous_id:a1"), await grid.OwnerOf("user_id:u1"));
    }

    [Fact]
    public async Task Collect_WhenGrouped_LinksTheCustomerToTheAccount()
    {
        await using TestGrid grid = await TestGrid.StartAsync();

        await grid.CollectApplied(Group("m1", "u1", "acme.com", new JsonObject { ["industry"] = "anvils" }));

        AccountReply? account = await grid
            .Grains.GetGrain<IAccountGrain>("acme.com")
            .GetAccount(new AccountQuery(null, 10));
        Assert.NotNull(account);
        Assert.Equal("user_id:u1", Assert.Single(account.Members).Identifier.ToString());
        Assert.Equal("anvils", (string?)JsonNode.Parse(account.TraitsJson.Span)!["industry"]);
        JsonNode? link = Assert.Single((await grid.Profile("user_id:u1"))["accounts"]!.AsArray());
        Assert.Equal("acme.com", (string?)link!["groupId"]);
    }

    [Fact]
    public async Task Collect_WhenThreeMeetInARing_EndsInOneCustomer()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        string[] devices = ["a1", "a2", "a3"];
        await grid.CollectApplied([.. devices.Select(device => Track($"m-{device}", null, device))]);

        // A-B, B-C and C-A come at once, each message in a request of its own.
        await Task.WhenAll(
            grid.CollectApplied(Alias("x1", "a-user", "a1")),
            grid.CollectApplied(Identify("x2", "a-user", "a2")),
            grid.CollectApplied(Identify("x3", "a-user", "a3"))
        );

        string?[] owners = await Task.WhenAll(devices.Select(device => grid.OwnerOf($"anonymous_id:{device}")));
        Assert.Single(owners.Distinct());
        Assert.Equal(6, (long?)(await grid.Profile("user_id:a-user"))["lifecycle"]!["messageCount"]);
    }

    [Fact]
    public async Task Collect_WhenAMessageComesTwice_CountsOnce()
    {
        await using TestGrid grid = await TestGrid.StartAsync();
        await grid.CollectApplied(Track("m1", "u1", null));

        var receipts = await grid.CollectApplied(Track("m1", "u1", null), Track("m2", "u1", null));

        Assert.True(receipts[0].Duplicate);
        Assert.False(receipts[1].Duplicate);
        Assert.Equal(2, (long?)(await grid.Profile("user_id:u1"))["lifecycle"]!["messageCount"]);
    }
}
