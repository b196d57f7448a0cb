namespace Customer360.Rules.Identity;

/// <summary>
/// Where the rules in force are read. They may change while the grid runs, so who decides asks for them each time, once
/// per decision: one decision is made by one version.
/// </summary>
public interface IIdentityRulesSource
{
    IdentityRules Current { get; }

    /// <summary>
    /// The number, in the history of the rules, of the last change after which a message may have another anchor than before
    /// (<see cref="IdentityRules.AnchorsAs"/>); 0: there was none. Never falls, so rules taken after it are of this number
    /// or a later one, and rules taken before it of this number or an earlier one.
    /// </summary>
    long AnchorsSince { get; }
}

/// <summary>Rules that never change.</summary>
public sealed class FixedIdentityRules(IdentityRules rules) : IIdentityRulesSource
{
    public IdentityRules Current { get; } = rules;

    public long AnchorsSince => 0;
}
