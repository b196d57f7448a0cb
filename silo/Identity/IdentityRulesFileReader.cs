using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Silo.Identity;

/// <inheritdoc cref="IIdentityRulesFile"/>
internal sealed class IdentityRulesFileReader(LiveIdentityRules live) : IIdentityRulesFile
{
    public IdentityRulesReading Read(string yaml) => IdentityRulesYaml.Read(yaml);

    public void Follow(IdentityRulesVersion version, IdentityRules rules) => live.Take(version, rules);

    public string BuiltIn => IdentityRulesYaml.BuiltIn;
}
