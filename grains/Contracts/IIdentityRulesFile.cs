using Customer360.Rules.Identity;

namespace Customer360.Grains.Contracts;

/// <summary>Reads a file of identity rules. Supplied by the silo, which knows the format.</summary>
public interface IIdentityRulesFile
{
    /// <summary>The rules, or everything that is wrong with the file.</summary>
    IdentityRulesReading Read(string yaml);

    /// <summary>Has this node follow rules that were put in force, at once; the others do within a second.</summary>
    /// <param name="version">Their entry in the history; older ones than are followed already change nothing.</param>
    void Follow(IdentityRulesVersion version, IdentityRules rules);

    /// <summary>The file of the rules that count while there are no others.</summary>
    string BuiltIn { get; }
}
