using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Customer360.Cluster.Tests;

/// <summary>Reads YAML as its programs do: anchors, aliases and merged maps are followed.</summary>
internal static class Yaml
{
    public static IReadOnlyList<YamlMappingNode> Read(string file)
    {
        using StreamReader reader = new(file);
        var stream = new YamlStream();
        stream.Load(new Parser(reader));
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>The node at a path; null where there is none.</summary>
    public static YamlNode? At(this YamlNode node, params string[] path)
    {
        YamlNode? at = node;
        foreach (string key in path)
        {
            at = at is YamlMappingNode map ? map.Member(key) : null;
        }

        return at;
    }

    public static string? Text(this YamlNode node, params string[] path) => (node.At(path) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> List(this YamlNode node, params string[] path) =>
        node.At(path) as YamlSequenceNode ?? [];

    /// <summary>The members of a map with those that it has merged in.</summary>
    public static IReadOnlyDictionary<string, YamlNode> Members(this YamlNode? node)
    {
        Dictionary<string, YamlNode> members = new(StringComparer.Ordinal);
        if (node is YamlMappingNode map)
        {
            if (map.Children.TryGetValue(new YamlScalarNode("<<"), out YamlNode? merged))
            {
                foreach ((string key, YamlNode value) in merged.Members())
                {
                    members[key] = value;
                }
            }

            foreach ((YamlNode key, YamlNode value) in map.Children)
            {
                if (((YamlScalarNode)key).Value is { } name and not "<<")
                {
                    members[name] = value;
                }
            }
        }

        return members;
    }

    private static YamlNode? Member(this YamlMappingNode map, string key) => map.Members().GetValueOrDefault(key);
}
