using System.Globalization;
using Customer360.Rules.Identity;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Identity;

/// <summary>The file with which a node may bring rules at its start.</summary>
internal static class IdentityRulesFile
{
    public const string Setting = "Customer360:Identity:RulesFile";
    private const string DefaultName = "identity.yaml";

    /// <summary>
    /// The file that the settings name, or <c>identity.yaml</c> of the data folder; null where there is none and none is
    /// named.
    /// </summary>
    /// <exception cref="InvalidOperationException">It can't be read or is not valid: the node must not start.</exception>
    public static (string Yaml, IdentityRules Rules)? Read(IConfiguration configuration)
    {
        string? named = configuration[Setting] is { Length: > 0 } setting ? setting : null;
        string path = named ?? Path.Combine(GridServices.DataFolderOf(configuration), DefaultName);
        if (named is null && !File.Exists(path))
        {
            return null;
        }

        string yaml = ReadText(path);
        IdentityRulesReading reading = IdentityRulesYaml.Read(yaml);
        return reading.Rules is { } rules
            ? (yaml, rules)
            : throw new InvalidOperationException(Describe($"The identity rules in '{path}' are not valid", reading));
    }

    /// <summary>All faults, a line each.</summary>
    public static string Describe(string introduction, IdentityRulesReading reading) =>
        $"{introduction}:{Environment.NewLine}"
        + string.Join(
            Environment.NewLine,
            reading.Faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"  {fault}"))
        );

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path).Length > IdentityRulesYaml.BytesMax
                ? throw new InvalidOperationException($"The identity rules in '{path}' have more than 64 KB.")
                : File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The identity rules in '{path}' can't be read.", error);
        }
    }
}
