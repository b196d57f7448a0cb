using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts.Exchange;

/// <summary>One version of a contract, as another tool has it.</summary>
/// <param name="Name">Null: all messages of the kind.</param>
public sealed record ImportedContract(EventKind Kind, string? Name, SemanticVersion Version, JsonObject Schema)
{
    public string? Description { get; init; }

    public ContractCover Covers { get; init; } = ContractCover.Part;

    public ContractStatus Status { get; init; } = ContractStatus.Active;

    /// <summary>The only source that it is for; null: all.</summary>
    public string? Source { get; init; }

    public ImmutableArray<string> Recommended { get; init; } = [];

    public ImmutableSortedDictionary<string, FieldClass> Classes { get; init; } =
        ImmutableSortedDictionary<string, FieldClass>.Empty;
}

/// <summary>What a file of another tool came to.</summary>
/// <param name="Format">What it was taken for: <c>segment</c>, <c>rudderstack</c>, <c>iglu</c>, <c>odcs</c>, or <c>inferred</c>; null: for none of them.</param>
/// <param name="Notes">What could not be taken over, a sentence each.</param>
public sealed record ContractImport(
    string? Format,
    ImmutableArray<ImportedContract> Contracts,
    ImmutableArray<string> Notes
)
{
    /// <summary>
    /// The same as <c>contracts.yaml</c>: schemas as JSON between quotes, everything observed and nothing else done, until somebody decides.
    /// </summary>
    public string ToYaml(string team, string contact)
    {
        var yaml = new StringBuilder();
        yaml.Append("owner: {team: ").Append(Quoted(team)).Append(", contact: ").Append(Quoted(contact)).Append("}\n");
        yaml.Append("modes: {violations: observe, unplannedEvents: allow, unplannedProperties: allow}\n");
        yaml.Append(Contracts.IsEmpty ? "contracts: []\n" : "contracts:\n");
        foreach (
            IGrouping<(EventKind Kind, string? Name), ImportedContract> group in Contracts
                .GroupBy(one => (one.Kind, one.Name))
                .OrderBy(group => $"{group.Key.Kind} {group.Key.Name}", StringComparer.Ordinal)
        )
        {
            Write(yaml, [.. group.OrderByDescending(one => one.Version)]);
        }

        return yaml.ToString();
    }

    private static void Write(StringBuilder yaml, ImportedContract[] versions)
    {
        ImportedContract newest = versions[0];
        yaml.Append("  - type: ").Append(EventKinds.Text(newest.Kind)).Append('\n');
        if (newest.Name is { } name)
        {
            yaml.Append("    name: ").Append(Quoted(name)).Append('\n');
        }

        if (newest.Description is { Length: > 0 } description)
        {
            yaml.Append("    description: ").Append(Quoted(description)).Append('\n');
        }

        if (newest.Source is { } source)
        {
            yaml.Append("    sources: [").Append(Quoted(source)).Append("]\n");
        }

        if (newest.Covers == ContractCover.Message)
        {
            yaml.Append("    covers: message\n");
        }

        if (!newest.Classes.IsEmpty)
        {
            yaml.Append("    classes:\n");
            foreach ((string path, FieldClass of) in newest.Classes)
            {
                yaml.Append("      ").Append(Quoted(path)).Append(": ").Append(FieldClasses.Text(of)).Append('\n');
            }
        }

        yaml.Append("    versions:\n");
        foreach (ImportedContract version in versions)
        {
            yaml.Append("      - version: ").Append(version.Version).Append('\n');
            if (version.Status != ContractStatus.Active)
            {
                yaml.Append("        status: ").Append(ContractsPolicyReader.TextOf(version.Status)).Append('\n');
            }

            if (!version.Recommended.IsEmpty)
            {
                yaml.Append("        recommended: [")
                    .AppendJoin(", ", version.Recommended.Select(Quoted))
                    .Append("]\n");
            }

            yaml.Append("        schema: ").Append(Quoted(version.Schema.ToJsonString())).Append('\n');
        }
    }

    /// <summary>Between single quotes, on one line: a policy file has no control characters.</summary>
    private static string Quoted(string text) =>
        $"'{string.Concat(text.Select(one => char.IsControl(one) ? ' ' : one)).Replace("'", "''", StringComparison.Ordinal)}'";
}
