using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Leads;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Leads;

/// <summary>From a message to somebody's lead, and what becomes of it.</summary>
public sealed class LeadTests
{
    [Fact]
    public async Task Visitor_WithoutAnAddress_IsNoLead()
    {
        await using LeadGrid leads = await LeadGrid.Start();

        await leads.Grid.CollectApplied(Track("m1", null, "a1", LeadGrid.Demo));

        Assert.Empty(await leads.LeadsOf("anonymous_id:a1"));
    }

    [Fact]
    public async Task Person_WhoLeavesAnAddress_IsALeadThatNobodyIsGiven()
    {
        await using LeadGrid leads = await LeadGrid.Start();

        await leads.Arrive("u1");

        LeadFile lead = await leads.LeadOf("user_id:u1");
        Assert.Equal(("lead", LeadStatus.New), (lead.Stage, lead.Lead.Status));
        Assert.Equal("email:u1@example.org", lead.Anchor);
        await leads.AssertWhole("user_id:u1");
    }

    [Fact]
    public async Task Demo_GivesTheLeadToSales_AndSaysWhy()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");

        await leads.AskForDemo("u1");

        LeadFile lead = await leads.LeadOf("user_id:u1");
        Assert.Equal(("mql", LeadStatus.Offered, "ann"), (lead.Stage, lead.Lead.Status, lead.Lead.OwnerId));
        JsonObject decision = JsonNode.Parse(lead.Decision!)!.AsObject();
        Assert.Equal("demo", (string?)decision["decision"]!["rule"]);
        Assert.Equal("ann", (string?)decision["decision"]!["person"]);
        Assert.Equal(50, (decimal)decision["facts"]!["score"]!);
        await leads.AssertWhole("user_id:u1");
    }

    [Fact]
    public async Task Demo_BeforeTheAddress_CountsToo()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Grid.CollectApplied(Track("m1", null, "a1", LeadGrid.Demo));

        await leads.Grid.CollectApplied(Identify("m2", "u1", "a1", new JsonObject { ["email"] = "u1@example.org" }));

        Assert.Equal("mql", (await leads.LeadOf("user_id:u1")).Stage);
    }

    [Fact]
    public async Task Message_ThatComesAgain_DealsNothingAgain()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");

        await leads.AskForDemo("u1");
        await leads.AskForDemo("u1", "again");

        Assert.Single((await leads.LeadOf("user_id:u1")).Lead.Handoffs);
        Assert.Equal(1, (await leads.Fairness()).Turns);
    }

    [Fact]
    public async Task Accept_SettlesTheTurn_AndMovesTheStage()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        LeadFile lead = await leads.LeadOf("user_id:u1");

        LeadReply other = await leads.Do(lead, LeadOrderKind.Accept, "bob");
        LeadReply own = await leads.Do(lead, LeadOrderKind.Accept, "ann");
        LeadReply again = await leads.Do(lead, LeadOrderKind.Accept, "ann");

        Assert.Equal(new LeadOfAnother().Code, other.Refused);
        Assert.Null(own.Refused);
        Assert.Null(again.Refused);
        await Support.TestGrid.UntilAsync(async () => (await leads.LeadOf("user_id:u1")).Stage == "sal");
        lead = await leads.LeadOf("user_id:u1");
        Assert.Equal(LeadStatus.Accepted, lead.Lead.Status);
        await leads.AssertWhole("user_id:u1");
    }

    [Fact]
    public async Task Reject_GivesTheTurnBack_AndTheLeadToTheNext()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        LeadFile lead = await leads.LeadOf("user_id:u1");

        Assert.Null((await leads.Do(lead, LeadOrderKind.Reject, "ann", "not-mine")).Refused);

        await Support.TestGrid.UntilAsync(async () =>
            (await leads.LeadOf("user_id:u1"))
                is { Lead: { OwnerId: "bob", Status: LeadStatus.Offered }, Debts.IsEmpty: true }
        );
        Assert.Equal((2, 1), ((await leads.Fairness()).Turns, (await leads.Fairness()).Returned));
        await leads.AssertWhole("user_id:u1");
    }

    [Fact]
    public async Task Reassign_GivesItToWhomAManagerNames()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        LeadFile lead = await leads.LeadOf("user_id:u1");

        Assert.Null((await leads.Do(lead, LeadOrderKind.Reassign, "cy")).Refused);
        Assert.Null((await leads.Do(lead, LeadOrderKind.Reassign, "cy")).Refused);

        lead = await leads.LeadOf("user_id:u1");
        Assert.Equal(("cy", 2), (lead.Lead.OwnerId, lead.Lead.Handoffs.Length));
        await leads.AssertWhole("user_id:u1");
    }

    [Fact]
    public async Task Lead_ThatNobodyAnswersInTime_GoesToTheNext_AndNotASecondTooEarly()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        LeadFile lead = await leads.LeadOf("user_id:u1");

        leads.Time.Pass(TimeSpan.FromMinutes(59));
        await leads.Remind(lead);
        Assert.Equal("ann", (await leads.LeadOf("user_id:u1")).Lead.OwnerId);

        leads.Time.Pass(TimeSpan.FromMinutes(2));
        await leads.Remind(lead);
        await leads.Remind(lead);

        await Support.TestGrid.UntilAsync(async () =>
            (await leads.LeadOf("user_id:u1"))
                is { Lead: { OwnerId: "bob", Status: LeadStatus.Offered }, Debts.IsEmpty: true }
        );
        lead = await leads.LeadOf("user_id:u1");
        Assert.Equal([HandoffStatus.TimedOut, HandoffStatus.Offered], lead.Lead.Handoffs.Select(one => one.Status));
        await leads.AssertWhole("user_id:u1");
    }

    [Fact]
    public async Task Reminder_OfALeadThatAMergeHasMoved_LooksAtWhoHasItNow()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        LeadFile lead = await leads.LeadOf("user_id:u1");
        await leads.Grid.CollectApplied(Track("d", "u1", null, LeadGrid.Demo));

        await leads.Remind(lead);

        await Support.TestGrid.UntilAsync(async () =>
            (await leads.LeadOf("user_id:u1")).Lead.Status == LeadStatus.Offered
        );
    }

    [Fact]
    public async Task Capacity_IsNeverExceeded_AndTheRestGoesToTheQueue()
    {
        await using LeadGrid leads = await LeadGrid.Start(
            "  ann: {calendar: all, capacity: 1}\n  bob: {calendar: all, capacity: 2}\n  cy: {calendar: all}"
        );
        string[] users = [.. Enumerable.Range(1, 5).Select(number => $"u{number}")];
        await Task.WhenAll(
            users.Select(async user =>
            {
                await leads.Arrive(user);
                await leads.AskForDemo(user);
            })
        );

        Assert.Single(await leads.LeadsWith("ann"));
        Assert.Equal(2, (await leads.LeadsWith("bob")).Length);
        LeadFile[] files = await Task.WhenAll(users.Select(user => leads.LeadOf($"user_id:{user}")));
        Assert.Equal(2, files.Count(file => file.Lead is { Status: LeadStatus.Queued, Queue: "overflow" }));
        await leads.AssertWhole([.. users.Select(user => $"user_id:{user}")]);
    }

    [Fact]
    public async Task Exit_ClosesTheLead_AndTheWayBackBeginsAnother()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        LeadFile first = await leads.LeadOf("user_id:u1");
        await leads.Do(first, LeadOrderKind.Close, code: "no-budget");
        Assert.Equal(LeadStatus.Closed, (await leads.LeadOf("user_id:u1")).Lead.Status);

        await leads.Grid.CollectApplied(Identify("m2", "u1", null, new JsonObject { ["spam"] = true }));

        Assert.Single(await leads.LeadsOf("user_id:u1"));
    }

    /// <summary>Sales take a lead out; it comes back when the person does something, and not for what was known before.</summary>
    [Fact]
    public async Task Exit_ByAPerson_LeavesThePath_AndWhatThePersonDoesThenLeadsBack()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        LeadFile first = await leads.LeadOf("user_id:u1");
        Assert.Equal("mql", first.Stage);

        await leads.Do(first, LeadOrderKind.Close, code: "no-budget");

        LeadFile closed = await leads.LeadOf("user_id:u1");
        Assert.Equal(("recycled", LeadStatus.Closed), (closed.Stage, closed.Lead.Status));
        string owner = (await leads.Grid.OwnerOf("user_id:u1"))!;
        await leads.Grid.Grains.GetGrain<ILeadDeskGrain>(owner).Look("again");
        Assert.Single(await leads.LeadsOf("user_id:u1"));

        await leads.Grid.CollectApplied(Track("m9", "u1", null, LeadGrid.Demo));

        await Support.TestGrid.UntilAsync(async () => (await leads.LeadsOf("user_id:u1")).Length == 2);
        Assert.Equal("mql", (await leads.LeadsOf("user_id:u1"))[1].Stage);
    }

    /// <summary>Nobody has won by saying so: that comes from a deal.</summary>
    [Fact]
    public async Task Close_ByACodeOfNoExit_IsRefused()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        LeadFile lead = await leads.LeadOf("user_id:u1");

        LeadReply reply = await leads
            .Grid.Grains.GetGrain<ILeadGrain>(lead.Lead.LeadId)
            .Do(new LeadOrder(LeadOrderKind.Close, "test") { Code = LeadFileRules.WonCode });

        Assert.Equal(new LeadCodeUnknown().Code, reply.Refused);
    }

    /// <summary>What is said of a company reaches the leads of its people, who say nothing themselves.</summary>
    [Fact]
    public async Task Company_OfWhichSomethingElseIsKnown_HasTheLeadsOfItsMembersLookedAt()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        await leads.Grid.CollectApplied(Group("g1", "u1", "acme", new JsonObject { ["name"] = "Acme" }));
        Assert.Equal(50, (await leads.LeadOf("user_id:u1")).Score);

        await leads.Grid.CollectApplied(Group("g2", "u2", "acme", new JsonObject { ["segment"] = "big" }));

        await Support.TestGrid.UntilAsync(async () => (await leads.LeadOf("user_id:u1")).Score == 57);
    }

    [Fact]
    public async Task Won_ClosesTheLead_AndFreesThePlace()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.AskForDemo("u1");
        await leads.Do(await leads.LeadOf("user_id:u1"), LeadOrderKind.Accept, "ann");

        await leads.Grid.CollectApplied(Identify("won", "u1", null, new JsonObject { ["opportunityWon"] = true }));

        LeadFile lead = await leads.LeadOf("user_id:u1");
        Assert.Equal(("customer", LeadStatus.Closed, "won"), (lead.Stage, lead.Lead.Status, lead.Lead.ClosedCode));
        Assert.Empty(await leads.LeadsWith("ann"));
    }

    /// <summary>What is known of a lead's company counts at once after a merge of companies, and no longer after a split.</summary>
    [Fact]
    public async Task Companies_ThatBecomeOne_HaveTheLeadsOfTheirPeopleLookedAtAgain()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        await leads.Arrive("u1");
        await leads.Grid.CollectApplied(
            Group("g1", "u1", "a"),
            Group("g2", "u2", "b", new JsonObject { ["segment"] = "big" })
        );
        Assert.Equal(0, (await leads.LeadOf("user_id:u1")).Score);

        Assert.Null(await leads.Grid.Grains.JoinCompanies("a", "b", "m1", "test", leads.Time.GetUtcNow()));
        await leads.UntilScored("user_id:u1", 7);

        string company = await leads.Grid.Grains.FindCompany("a");
        SplitReply split = await leads
            .Grid.Grains.GetGrain<ICompanyGrain>(CompanyId.ForSplit("d_1", company)!)
            .SplitFrom(
                new SplitRequest("d_1", company, [CompanyId.GroupOf("b")], "two", "steward", leads.Time.GetUtcNow())
            );
        Assert.Null(split.Refused);
        await leads.UntilScored("user_id:u1", 0);
    }

    [Fact]
    public async Task OrderOfNoLead_IsAnsweredThatThereIsNone()
    {
        await using LeadGrid leads = await LeadGrid.Start();

        LeadReply reply = await leads
            .Grid.Grains.GetGrain<ILeadGrain>("l_0123456789abcdef0123456789abcdef")
            .Do(new LeadOrder(LeadOrderKind.Close, "test") { Code = "spam" });

        Assert.False(reply.Exists);
    }
}
