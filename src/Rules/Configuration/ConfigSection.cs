using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Customer360.Rules.Configuration;

/// <summary>
/// Reads the members of a map strictly: what is unknown, there twice or of another form is a fault, not ignored. After a
/// fault it answers the default and goes on, so that one reading finds all faults.
/// </summary>
public sealed class ConfigSection
{
    private readonly List<ConfigFault> _faults;
    private readonly Dictionary<string, ConfigMember> _members = new(StringComparer.Ordinal);

    /// <param name="path">The rule's path; empty for the whole file.</param>
    /// <param name="node">Null where the file does not have it: then every member has its default.</param>
    /// <param name="faults">Where faults are added to.</param>
    /// <param name="known">Names that members may have; none: any name.</param>
    public ConfigSection(string path, ConfigNode? node, List<ConfigFault> faults, params string[] known)
    {
        Path = path;
        Line = node?.Line ?? 0;
        _faults = faults;
        if (node is null || node.IsNothing)
        {
            return;
        }

        if (node.Kind != ConfigKind.Map)
        {
            Fault(node.Line, path.Length == 0 ? "file" : path, "It must hold names with values.");
            return;
        }

        foreach (ConfigMember member in node.Members)
        {
            if (known.Length > 0 && !known.Contains(member.Name, StringComparer.Ordinal))
            {
                Fault(
                    member.Line,
                    PathOf(member.Name),
                    $"There is no such rule here. Known: {string.Join(", ", known)}."
                );
            }
            else if (!_members.TryAdd(member.Name, member))
            {
                string first = _members[member.Name].Line.ToString(CultureInfo.InvariantCulture);
                Fault(member.Line, PathOf(member.Name), $"It is there twice; first in line {first}.");
            }
        }
    }

    public string Path { get; }

    public int Line { get; }

    /// <summary>The members that are known, each once, in the file's order.</summary>
    public IEnumerable<ConfigMember> Members => _members.Values.OrderBy(member => member.Line);

    /// <summary>The member, or null.</summary>
    public ConfigNode? Find(string name) => _members.TryGetValue(name, out ConfigMember member) ? member.Value : null;

    /// <summary>The line of a member, or where it should stand.</summary>
    public int LineOf(string name) => _members.TryGetValue(name, out ConfigMember member) ? member.Line : Line;

    /// <summary>The path of a member; a name that is empty is shown as one.</summary>
    public string PathOf(string name)
    {
        string shown = name.Length == 0 ? "''" : name;
        return Path.Length == 0 ? shown : $"{Path}.{shown}";
    }

    public void Fault(string name, string message) => Fault(LineOf(name), PathOf(name), message);

    public void Fault(int line, string rule, string message) => _faults.Add(new ConfigFault(line, rule, message));

    /// <summary>A text; null, and a fault, where it is missing.</summary>
    public string? RequiredText(string name)
    {
        ConfigNode? node = Find(name);
        if (node is null)
        {
            Fault(name, "It is missing.");
            return null;
        }

        if (node.Kind != ConfigKind.Text || node.IsNothing)
        {
            Fault(name, "It must be a text.");
            return null;
        }

        return node.Text;
    }

    /// <summary>A whole number; where it is missing, the default, or without a default null and a fault.</summary>
    public int? Whole(string name, int? otherwise, int min, int max)
    {
        if (Find(name) is not { } node)
        {
            if (otherwise is null)
            {
                Fault(name, "It is missing.");
            }

            return otherwise;
        }

        return WholeOf(node, PathOf(name), min, max) ?? otherwise;
    }

    /// <summary>A whole number, or null and a fault.</summary>
    public int? WholeOf(ConfigNode node, string path, int min, int max)
    {
        if (
            node is { Kind: ConfigKind.Text, IsQuoted: false }
            && int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= min
            && number <= max
        )
        {
            return number;
        }

        Fault(
            node.Line,
            path,
            string.Create(CultureInfo.InvariantCulture, $"It must be a whole number from {min} to {max}.")
        );
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (Find(name) is not { } node)
        {
            return otherwise;
        }

        if (node is { Kind: ConfigKind.Text, IsQuoted: false, Text: "true" or "false" })
        {
            return node.Text == "true";
        }

        Fault(name, "It must be true or false.");
        return otherwise;
    }

    /// <summary>A value of an enumeration, in camelCase.</summary>
    public T Word<T>(string name, T otherwise)
        where T : struct, Enum
    {
        if (Find(name) is not { } node)
        {
            return otherwise;
        }

        foreach (T value in Enum.GetValues<T>())
        {
            if (node.Kind == ConfigKind.Text && node.Text == JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))
            {
                return value;
            }
        }

        string known = string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName));
        Fault(name, $"It must be one of: {known}.");
        return otherwise;
    }

    /// <summary>A list of texts, each with its line; empty where it is missing.</summary>
    /// <param name="mayRepeat">The same text may stand in it twice.</param>
    public ImmutableArray<ConfigNode> Texts(string name, bool mayRepeat = false)
    {
        if (Find(name) is not { } node || node.IsNothing)
        {
            return [];
        }

        if (node.Kind != ConfigKind.List)
        {
            Fault(name, "It must be a list of texts.");
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<ConfigNode>(node.Items.Length);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (ConfigNode item in node.Items)
        {
            if (item.Kind != ConfigKind.Text || item.IsNothing)
            {
                Fault(item.Line, PathOf(name), "It must be a text; a word such as null goes between quotes.");
            }
            else if (!seen.Add(item.Text) && !mayRepeat)
            {
                Fault(item.Line, PathOf(name), "The list has it twice.");
            }
            else
            {
                texts.Add(item);
            }
        }

        return texts.DrainToImmutable();
    }
}
