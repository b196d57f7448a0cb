using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>Puts the rules of a job in force, by the same way as everybody, and waits until this node decides by them.</summary>
internal sealed class RulesChange(JobTools tools, IPolicy<IdentityRules> source, IPolicyNode node)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Null where they are in force.</summary>
    /// <param name="change">Its condition names the versions that may be in force before; no other is replaced.</param>
    /// <param name="version">What the file's version is.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task<Refusal?> PutInForce(PolicyPut change, string version, CancellationToken stop)
    {
        PolicyReply reply = await tools.Grains.GetGrain<IPolicyGrain>(IdentityPolicyKind.KindName).Put(change);
        if (reply.Objection is { } objection)
        {
            return objection == PolicyObjection.Replaced ? new JobRulesChanged() : new JobRulesUnreadable();
        }

        node.Follow(reply.Current!);

        long began = tools.Time.GetTimestamp();
        while (source.Current.Version != version)
        {
            if (tools.Time.GetElapsedTime(began) > s_patience)
            {
                return new JobRulesNotFollowed();
            }

            // Each node asks once a second: there is nothing else to wait on.
            await Task.Delay(s_interval, tools.Time, stop);
        }

        return null;
    }

    /// <summary>Null while the rules are those of the job.</summary>
    public Refusal? IfReplaced(IdentityRules rules) =>
        source.Current.Version == rules.Version ? null : new JobRulesChanged();
}

/// <summary>Other rules came into force than the job is about.</summary>
internal sealed record JobRulesChanged()
    : Refusal("rules_changed", "Other rules have come into force; what was done so far stays, and can be rolled back.");

/// <summary>This node does not follow the rules that are stored.</summary>
internal sealed record JobRulesNotFollowed()
    : Refusal(
        "rules_not_followed",
        "This node does not follow the rules that are stored, so it can't change over to them."
    );
