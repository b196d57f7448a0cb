using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Destinations;

/// <summary>
/// Reads templates: <c>{from: path, as?: [rules]}</c> and <c>{value: literal}</c> are fields, a text that begins with <c>$.</c> is a path,
/// other texts are themselves, and maps and lists hold such.
/// </summary>
internal sealed class TemplateReader(List<ConfigFault> faults)
{
    private const int DepthMax = 8;
    private const int NodesMax = 500;
    private const string PathMark = "$.";

    private int _nodes;

    /// <summary>Fields by name; a fault, and the member is left out, where one is not valid.</summary>
    public ImmutableSortedDictionary<string, FieldSource> ReadFields(ConfigSection parent, string name)
    {
        var section = new ConfigSection(parent.PathOf(name), parent.Find(name), faults);
        var fields = ImmutableSortedDictionary.CreateBuilder<string, FieldSource>(StringComparer.Ordinal);
        foreach (ConfigMember member in section.Members)
        {
            if (Read(member.Value, section.PathOf(member.Name), depth: 0) is TemplateNode.Field field)
            {
                fields[member.Name] = field.Source;
            }
            else if (member.Value.Kind != ConfigKind.Text)
            {
                section.Fault(
                    member.Line,
                    section.PathOf(member.Name),
                    "It must be one value: {from: …} or {value: …}."
                );
            }
        }

        return fields.ToImmutable();
    }

    /// <summary>A body; null after a fault, or where there is none.</summary>
    public TemplateNode? ReadBody(ConfigSection parent, string name) =>
        parent.Find(name) is { } node ? Read(node, parent.PathOf(name), depth: 0) : null;

    private TemplateNode? Read(ConfigNode node, string path, int depth)
    {
        if (depth > DepthMax || ++_nodes > NodesMax)
        {
            faults.Add(
                new ConfigFault(
                    node.Line,
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"It has {DepthMax} levels and {NodesMax} values at most."
                    )
                )
            );
            return null;
        }

        switch (node.Kind)
        {
            case ConfigKind.List:
                return new TemplateNode.Items([
                    .. node.Items.Select(item => Read(item, path, depth + 1)).OfType<TemplateNode>(),
                ]);
            case ConfigKind.Map when node.Members.Any(member => member.Name is "from" or "value"):
                return ReadField(node, path);
            case ConfigKind.Map:
                return new TemplateNode.Members([
                    .. node
                        .Members.Select(member =>
                            (member.Name, Node: Read(member.Value, $"{path}.{member.Name}", depth + 1))
                        )
                        .Where(member => member.Node is not null)
                        .Select(member => (member.Name, member.Node!)),
                ]);
            default:
                return node is { IsNothing: false } && node.Text.StartsWith(PathMark, StringComparison.Ordinal)
                    ? PathField(node, node.Text[PathMark.Length..], path, [])
                    : new TemplateNode.Field(new FieldSource(Path: null, [], LiteralOf(node)));
        }
    }

    private TemplateNode.Field? ReadField(ConfigNode node, string path)
    {
        var section = new ConfigSection(path, node, faults, "from", "as", "value");
        if (section.Find("value") is { } literal)
        {
            if (section.Find("from") is not null || literal.Kind != ConfigKind.Text)
            {
                section.Fault("value", "It must be one literal, and has no 'from' beside it.");
                return null;
            }

            return new TemplateNode.Field(new FieldSource(Path: null, [], LiteralOf(literal)));
        }

        ImmutableArray<ConfigNode> rules = section.Texts("as");
        foreach (ConfigNode rule in rules.Where(rule => !HashRules.Has(rule.Text)))
        {
            section.Fault(
                rule.Line,
                section.PathOf("as"),
                $"There is no such rule. Known: {string.Join(", ", HashRules.Names)}."
            );
        }

        return section.RequiredText("from") is { } from
            ? PathField(node, from, section.PathOf("from"), [.. rules.Select(rule => rule.Text)])
            : null;
    }

    private TemplateNode.Field? PathField(ConfigNode node, string from, string path, ImmutableArray<string> rules)
    {
        if (DeliveryPaths.IsPath(from))
        {
            return new TemplateNode.Field(new FieldSource(from, rules, Literal: null));
        }

        faults.Add(new ConfigFault(node.Line, path, $"There is no such path. Known: {DeliveryPaths.Known}."));
        return null;
    }

    /// <summary>A number or a flag stays one, unless it stands between quotes.</summary>
    private static string LiteralOf(ConfigNode node) =>
        node.IsNothing ? "null"
        : node.IsQuoted ? JsonSerializer.Serialize(node.Text)
        : node.Text is "true" or "false" ? node.Text
        : decimal.TryParse(
            node.Text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out decimal number
        )
            ? number.ToString(CultureInfo.InvariantCulture)
        : JsonSerializer.Serialize(node.Text);
}
