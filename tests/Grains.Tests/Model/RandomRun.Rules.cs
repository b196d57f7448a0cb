using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Silo.Identity;

namespace Customer360.Grains.Tests.Model;

/// <summary>Changes of rules, and quarantines that are lifted.</summary>
internal sealed partial class RandomRun
{
    /// <summary>Other limits, trust, degrees, priorities and regions.</summary>
    private async Task ChangeRules()
    {
        string yaml = _rules.Next(_random);
        _steps.Add($"rules {_rules.Said}");
        await Put(yaml, IdentityRulesOrigin.Put);
    }

    /// <summary>Some version of the history is in force again.</summary>
    private async Task RollBackRules()
    {
        int chance = _random.Next(1_000);
        IdentityRulesHistory history = await Owner.GetHistory(new IdentityRulesHistoryQuery(null, 20));
        if (history.Entries.IsEmpty)
        {
            return;
        }

        string version = history.Entries[chance % history.Entries.Length].Version;
        _steps.Add($"rules back to {version}");
        await Put((await Owner.Find(version))!.Yaml, IdentityRulesOrigin.Rollback);
    }

    private IIdentityRulesGrain Owner => grid.Grains.GetGrain<IIdentityRulesGrain>(GrainKeys.IdentityRules);

    private async Task Put(string yaml, IdentityRulesOrigin origin)
    {
        IdentityRules rules = IdentityRulesYaml.Read(yaml).Rules!;
        IdentityRulesReply reply = await Owner.Put(
            new IdentityRulesChange(rules.Version, yaml, "test", origin, [], IdentityRules.Default.Version)
        );
        // As the node does that takes a change; else it would follow within a second.
        grid.LiveRules.Take(reply.Current!, rules);
    }

    private async Task LiftQuarantine()
    {
        string identifier = _pool[_random.Next(_pool.Length)];
        _steps.Add($"lift quarantine of {identifier}");
        await grid.Grains.GetGrain<IIdentifierGrain>(identifier).LiftQuarantine(isByJob: false);
    }
}
