using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Silo.Identity;

/// <inheritdoc cref="IIdentityRulesFile"/>
internal sealed class IdentityRulesFileReader : IIdentityRulesFile
{
    public IdentityRulesReading Read(string yaml) => IdentityRulesYaml.Read(yaml);

    public string BuiltIn => IdentityRulesYaml.BuiltIn;
}
