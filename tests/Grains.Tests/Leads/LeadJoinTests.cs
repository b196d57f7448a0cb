using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Leads;

/// <summary>Two people turn out to be one, and two again: each lead is where it belongs, and no clock is set back.</summary>
public sealed class LeadJoinTests
{
    [Fact]
    public async Task Merge_KeepsOneLeadOpen_AndASplitGivesTheOtherBack()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        await leads.Grid.CollectApplied(
            Identify("visit", null, "b1", new JsonObject { ["email"] = "u2@example.org" }),
            Track("demo-b1", null, "b1", LeadGrid.Demo)
        );
        LeadFile first = await leads.LeadOf("user_id:u1");
        LeadFile second = await leads.LeadOf("anonymous_id:b1");

        await leads.Grid.CollectApplied(Identify("join", "u1", null, new JsonObject { ["email"] = "u2@example.org" }));

        LeadFile[] joined = await leads.LeadsOf("user_id:u1");
        Assert.Equal(2, joined.Length);
        LeadFile open = joined.Single(file => file.Lead.IsOpen);
        LeadFile closed = joined.Single(file => !file.Lead.IsOpen);
        Assert.Equal(open.Lead.LeadId, closed.Lead.DuplicateOf!.LeadId);
        AdoptedClock adopted = Assert.Single(open.Lead.Adopted);
        Assert.Equal(closed.Lead.LeadId, adopted.LeadId);
        // The double's time goes on where it stood.
        Assert.Equal(closed.Lead.Handoffs[0].At, adopted.Clock.StartedAt);
        await leads.AssertWhole("user_id:u1");

        string older = (await leads.Grid.OwnerOf("user_id:u1"))!;
        string splitId = "d_" + new string('1', 32);
        string to = Rules.Identity.CustomerId.ForSplit(splitId, older, TimeProvider.System.GetUtcNow());
        SplitReply split = await leads
            .Grid.Grains.GetGrain<ICustomerGrain>(to)
            .SplitFrom(
                new SplitRequest(
                    splitId,
                    older,
                    [Identifier.Parse("anonymous_id:b1"), Identifier.Parse("email:u2@example.org")],
                    "two people",
                    "test",
                    TimeProvider.System.GetUtcNow()
                )
            );
        Assert.Null(split.Refused);
        await TestGrid.UntilAsync(async () =>
            (await leads.LeadsOf("anonymous_id:b1")) is [{ Lead.IsOpen: true, Debts.IsEmpty: true }]
            && (await leads.LeadsOf("user_id:u1")) is [{ Lead: { IsOpen: true, Adopted.IsEmpty: true } }]
        );

        Assert.Equal(first.Lead.LeadId, (await leads.LeadOf("user_id:u1")).Lead.LeadId);
        LeadFile back = await leads.LeadOf("anonymous_id:b1");
        Assert.Equal(second.Lead.LeadId, back.Lead.LeadId);
        Assert.Equal(second.Lead.OwnerId, back.Lead.OwnerId);
        Assert.Equal(second.Lead.Clock!.StartedAt, back.Lead.Clock!.StartedAt);
        Assert.Single(back.Lead.Handoffs);
        await leads.AssertWhole("user_id:u1", "anonymous_id:b1");
    }

    [Fact]
    public async Task Restriction_KeepsLeadsFromBeingLookedAt()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        string owner = (await leads.Grid.OwnerOf("user_id:u1"))!;
        await leads
            .Grid.Grains.GetGrain<ICustomerGrain>(owner)
            .Restrict(new RestrictionPut("p_1", "officer", TimeProvider.System.GetUtcNow(), IsLifted: false));

        await leads.AskForDemo("u1");

        Assert.Equal(LeadStatus.New, (await leads.LeadOf("user_id:u1")).Lead.Status);
    }

    [Fact]
    public async Task Erase_LeavesNothingButAnId_AndNobodyHasAPlaceForIt()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1", new JsonObject { ["company"] = "Acme" });
        await leads.AskForDemo("u1");
        LeadFile lead = await leads.LeadOf("user_id:u1");
        ILeadGrain grain = leads.Grid.Grains.GetGrain<ILeadGrain>(lead.Lead.LeadId);

        await grain.Erase();
        await grain.Erase();

        string stored = System.Text.Encoding.UTF8.GetString(
            (await leads.Grid.StoredAsync(GrainKeys.LeadState, lead.Lead.LeadId)).Span
        );
        Assert.DoesNotContain("example.org", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("Acme", stored, StringComparison.Ordinal);
        Assert.Empty(await leads.LeadsWith("ann"));
        Assert.Equal(1, (await leads.Fairness()).Returned);
    }
}
