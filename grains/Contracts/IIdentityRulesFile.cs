using Customer360.Rules.Identity;

namespace Customer360.Grains.Contracts;

/// <summary>Reads a file of identity rules. Supplied by the silo, which knows the format.</summary>
public interface IIdentityRulesFile
{
    /// <summary>The rules, or everything that is wrong with the file.</summary>
    IdentityRulesReading Read(string yaml);

    /// <summary>The file of the rules that count while there are no others.</summary>
    string BuiltIn { get; }
}
