using Customer360.Grains.Tests.Support;
using Customer360.Rules.Leads;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Leads;

/// <summary>Whichever write fails, or wherever the process dies: one lead, one turn, one place.</summary>
public sealed class LeadRecoveryTests
{
    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Demo_WhenAnyOneWriteFails_DealsOneTurn(FaultKind kind)
    {
        await using LeadGrid leads = await LeadGrid.Start();
        int writes = int.MaxValue;
        List<string> all = [];
        for (int failing = 1; failing <= writes; failing++)
        {
            string user = $"{kind}-{failing}".ToLowerInvariant();
            all.Add($"user_id:{user}");
            leads.Grid.Faults.Plan(number => number == failing ? kind : null);
            await leads.Arrive(user);
            await leads.AskForDemo(user);
            writes = Math.Min(writes, leads.Grid.Faults.Writes + 1);
            leads.Grid.Faults.Heal();

            LeadFile lead = await leads.LeadOf($"user_id:{user}");
            Assert.Equal(LeadStatus.Offered, lead.Lead.Status);
            Assert.Single(lead.Lead.Handoffs);
        }

        Assert.InRange(writes, 6, 60);
        await leads.AssertWhole([.. all]);
    }

    [Fact]
    public async Task Demo_WhenTheProcessDiesAtAnyWrite_DealsOneTurn()
    {
        await using LeadGrid leads = await LeadGrid.Start();
        List<string> all = [];
        int dying = 1;
        for (; ; dying++)
        {
            string user = $"dying-{dying}";
            all.Add($"user_id:{user}");
            await leads.Arrive(user);
            leads.Grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
            await leads.Grid.Collect(applied: false, Track($"demo-{user}", user, null, LeadGrid.Demo));
            if (!await leads.Grid.Reached(write: dying))
            {
                break;
            }

            await leads.Grid.CrashAndRestartAsync();
            LeadFile lead = await leads.LeadOf($"user_id:{user}");
            Assert.Equal(LeadStatus.Offered, lead.Lead.Status);
            Assert.Single(lead.Lead.Handoffs);
        }

        leads.Grid.Faults.Heal();
        Assert.InRange(dying, 4, 40);
        await leads.AssertWhole([.. all]);
    }
}
