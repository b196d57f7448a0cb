using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Contracts.Compatibility;

/// <summary>A break between two versions of a contract.</summary>
/// <param name="Older">Messages of that version may not keep the newer one.</param>
public readonly record struct ContractBreak(SemanticVersion Older, SchemaBreak Break);

/// <summary>
/// What the number of a version promises: with the same MAJOR, it takes all messages that any version before it took.
/// </summary>
public static class ContractCompatibility
{
    /// <summary>Told of one version.</summary>
    private const int BreaksMax = 100;

    /// <summary>What a version breaks of those before it with the same MAJOR, the nearest first.</summary>
    public static ImmutableArray<ContractBreak> BreaksOf(EventContract contract, ContractVersion version)
    {
        using var next = JsonDocument.Parse(version.SchemaJson);
        List<ContractBreak> breaks = [];
        foreach (ContractVersion older in contract.Versions)
        {
            if (older.Version >= version.Version || older.Version.Major != version.Version.Major)
            {
                continue;
            }

            using var before = JsonDocument.Parse(older.SchemaJson);
            IEnumerable<SchemaBreak> between = SchemaCompatibility
                .Between(before.RootElement, next.RootElement)
                .Concat(
                    version
                        .Required.Except(older.Required, StringComparer.Ordinal)
                        .Except(RequiredIn(before.RootElement), StringComparer.Ordinal)
                        .Select(name => new SchemaBreak(name, "required_added", IsStrictOnly: false))
                )
                .Distinct();
            breaks.AddRange(between.Select(one => new ContractBreak(older.Version, one)));
        }

        return [.. breaks.Take(BreaksMax)];
    }

    /// <summary>
    /// A sentence on a version whose number promises more than it keeps, leniently read; null where it keeps it.
    /// </summary>
    public static string? WarningOf(EventContract contract, ContractVersion version)
    {
        ContractBreak[] breaks = [.. BreaksOf(contract, version).Where(one => !one.Break.IsStrictOnly)];
        if (breaks.Length == 0)
        {
            return null;
        }

        SemanticVersion older = breaks[0].Older;
        string what = string.Join(
            ", ",
            breaks
                .Where(one => one.Older == older)
                .Take(3)
                .Select(one => $"{one.Break.Path} {one.Break.Change}".TrimStart())
        );
        return $"It may not take messages that {older} took ({what}), so its number should be {version.Version.Major + 1}.0.0.";
    }

    private static IEnumerable<string> RequiredIn(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("required", out JsonElement required)
        && required.ValueKind == JsonValueKind.Array
            ? required.EnumerateArray().Select(one => one.GetString()!)
            : [];
}
