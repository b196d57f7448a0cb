using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Policies;

namespace Customer360.Grains.Tests.Model;

/// <summary>Changes of rules, and quarantines that are lifted.</summary>
internal sealed partial class RandomRun
{
    /// <summary>Other limits, trust, degrees, priorities and regions.</summary>
    private async Task ChangeRules()
    {
        string yaml = _rules.Next(_random);
        _steps.Add($"rules {_rules.Said}");
        Follow(await Owner.Put(new PolicyPut(yaml, "test", PolicyAction.Put, [])));
    }

    /// <summary>Some version of the history is in force again.</summary>
    private async Task RollBackRules()
    {
        int chance = _random.Next(1_000);
        PolicyHistory history = await Owner.GetHistory(new PolicyHistoryQuery(null, 20));
        if (history.Entries.IsEmpty)
        {
            return;
        }

        string version = history.Entries[chance % history.Entries.Length].Version;
        _steps.Add($"rules back to {version}");
        Follow(await Owner.RollBack(new PolicyRevert(version, "test", [])));
    }

    private IPolicyGrain Owner => Policies.OwnerOf(grid, Policies.Identity);

    /// <summary>The node that takes a change follows it at once; otherwise it would do so within a second.</summary>
    private void Follow(PolicyReply reply)
    {
        Assert.Null(reply.Objection);
        Assert.True(grid.PolicyNode.Follow(reply.Current!));
    }

    private async Task LiftQuarantine()
    {
        string identifier = _pool[_random.Next(_pool.Length)];
        _steps.Add($"lift quarantine of {identifier}");
        await grid.Grains.GetGrain<IIdentifierGrain>(identifier).LiftQuarantine(isByJob: false);
    }
}
