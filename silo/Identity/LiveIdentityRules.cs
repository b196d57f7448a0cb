using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Silo.Live;

namespace Customer360.Silo.Identity;

/// <summary>
/// A node's copy of the rules in force. <see cref="IIdentityRulesGrain"/> owns them; this is what every message is read and
/// decided by.
/// </summary>
/// <param name="builtIn">What counts until the grain has others.</param>
public sealed class LiveIdentityRules(IdentityRules builtIn) : IIdentityRulesSource
{
    private readonly LiveCopy<InForce> _copy = new(new InForce(builtIn, AnchorsSince: 0));

    public IdentityRules Current => _copy.Current.Rules;

    public long AnchorsSince => _copy.Current.AnchorsSince;

    /// <summary>The rules that count while the history is empty.</summary>
    public IdentityRules BuiltIn { get; } = builtIn;

    /// <summary>The number of the version in <see cref="IIdentityRulesGrain"/>; 0: none of its.</summary>
    public long Number => _copy.Number;

    /// <summary>Takes a version unless it has a newer one.</summary>
    /// <param name="rules">Those of its file, as this node reads them.</param>
    public void Take(IdentityRulesVersion version, IdentityRules rules) =>
        _copy.Take(version.Number, new InForce(rules, version.AnchorsSince));

    private sealed record InForce(IdentityRules Rules, long AnchorsSince);
}
