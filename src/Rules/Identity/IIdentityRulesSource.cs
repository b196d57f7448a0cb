namespace Customer360.Rules.Identity;

/// <summary>
/// Where the rules in force are read. They may change while the grid runs, so who decides asks for them each time, once
/// per decision: one decision is made by one version.
/// </summary>
public interface IIdentityRulesSource
{
    IdentityRules Current { get; }
}

/// <summary>Rules that never change.</summary>
public sealed class FixedIdentityRules(IdentityRules rules) : IIdentityRulesSource
{
    public IdentityRules Current { get; } = rules;
}
