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
    private readonly LiveCopy<IdentityRules> _copy = new(builtIn);

    public IdentityRules Current => _copy.Current;

    /// <summary>The rules that count while the history is empty.</summary>
    public IdentityRules BuiltIn { get; } = builtIn;

    /// <summary>The number of the version in <see cref="IIdentityRulesGrain"/>; 0: none of its.</summary>
    public long Number => _copy.Number;

    /// <summary>Takes a version unless it has a newer one.</summary>
    public void Take(long number, IdentityRules rules) => _copy.Take(number, rules);
}
