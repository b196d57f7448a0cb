using Customer360.Rules.Configuration;
using Customer360.Rules.Identity;
using Customer360.Silo.Yaml;

namespace Customer360.Silo.Identity;

/// <summary>Reads identity rules from YAML, and has the text of those that are built in.</summary>
public static class IdentityRulesYaml
{
    private const string BuiltInName = "identity.yaml";

    /// <summary>Bytes of a file at most: thousands of blocked values. Every version of the history keeps its text.</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>The file that is equal to <see cref="IdentityRules.Default"/>.</summary>
    public static string BuiltIn { get; } = ReadBuiltIn();

    /// <summary>The rules, or everything that is wrong with the file.</summary>
    public static IdentityRulesReading Read(string yaml)
    {
        var (file, fault) = YamlConfig.Read(yaml);
        fault ??= file is { IsNothing: true } ? new ConfigFault(1, "file", "The file is empty.") : null;
        return fault is { } one ? new IdentityRulesReading(null, [one]) : IdentityRulesReader.Read(file!);
    }

    private static string ReadBuiltIn()
    {
        using Stream stream = typeof(IdentityRulesYaml).Assembly.GetManifestResourceStream(BuiltInName)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
