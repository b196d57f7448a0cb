using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Customer360.Silo.Yaml;

/// <summary>Takes a YAML file apart into the form that the rules read. JSON is read too, being YAML.</summary>
/// <remarks>
/// Only what a settings file needs: one document of maps, lists and texts; a name that stands twice is kept twice. Anchors and aliases are refused (a few lines of
/// them can grow to gigabytes), tags too (they name types to be made).
/// </remarks>
public static class YamlConfig
{
    private const int DepthMax = 16;

    /// <summary>
    /// The file's content, or the fault that keeps it from being read. A file without content is a text that says nothing
    /// (<see cref="ConfigNode.IsNothing"/>).
    /// </summary>
    public static (ConfigNode? File, ConfigFault? Fault) Read(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return (new ConfigNode(ConfigKind.Text, 1), null);
            }

            ConfigNode file = Node(parser, depth: 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _)
                ? (file, null)
                : throw At(parser.Current!, "A file holds one document.");
        }
        catch (NotPlainException fault)
        {
            return (null, new ConfigFault(fault.Line, "file", fault.Message));
        }
        catch (YamlException fault)
        {
            // The library's words are about the form; a value of the file is not in what is passed on.
            return (null, TabOf(yaml, fault) ?? NoYaml((int)Math.Max(fault.Start.Line, 1)));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException)
        {
            // The library's scanner lets these out for some texts (a list that is not closed); its line is the last good one.
            return (null, NoYaml((int)(parser.Current?.End.Line ?? 1)));
        }
    }

    private static ConfigFault NoYaml(int line) => new(line, "file", "From here on it is no YAML.");

    /// <summary>The commonest mistake, which the parser tells at the line before.</summary>
    private static ConfigFault? TabOf(string yaml, YamlException fault)
    {
        if (!fault.Message.Contains(" tab ", StringComparison.Ordinal))
        {
            return null;
        }

        int number = 0;
        foreach (ReadOnlySpan<char> line in yaml.AsSpan().EnumerateLines())
        {
            number++;
            if (line[..(line.Length - line.TrimStart().Length)].Contains('\t'))
            {
                return new ConfigFault(number, "file", "The line is indented with a tab; YAML wants spaces.");
            }
        }

        return null;
    }

    private static ConfigNode Node(Parser parser, int depth)
    {
        ParsingEvent here = parser.Current ?? Next(parser);
        if (depth > DepthMax)
        {
            throw At(here, "It is nested too deeply.");
        }

        if (here is AnchorAlias || here is NodeEvent { Anchor.IsEmpty: false })
        {
            throw At(here, "Anchors and aliases are not taken here.");
        }

        if (here is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw At(here, "Tags are not taken here.");
        }

        int line = (int)here.Start.Line;
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            // An escape can write what neither storage nor a trait's name can hold.
            if (scalar.Value.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar))
            {
                throw new NotPlainException(line, "A text holds a control character, or half a character.");
            }

            return new ConfigNode(ConfigKind.Text, line)
            {
                Text = scalar.Value,
                IsQuoted = scalar.Style != ScalarStyle.Plain,
            };
        }

        return parser.TryConsume<MappingStart>(out _)
            ? new ConfigNode(ConfigKind.Map, line) { Members = Members(parser, depth) }
            : new ConfigNode(ConfigKind.List, line) { Items = Items(parser, depth) };
    }

    private static ImmutableArray<ConfigMember> Members(Parser parser, int depth)
    {
        var members = ImmutableArray.CreateBuilder<ConfigMember>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            ConfigNode name = Node(parser, depth + 1);
            if (name.Kind != ConfigKind.Text)
            {
                throw new NotPlainException(name.Line, "A name must be a text.");
            }

            members.Add(new ConfigMember(name.Text, name.Line, Node(parser, depth + 1)));
        }

        return members.DrainToImmutable();
    }

    private static ImmutableArray<ConfigNode> Items(Parser parser, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(parser, depth + 1));
        }

        return items.DrainToImmutable();
    }

    private static ParsingEvent Next(Parser parser)
    {
        parser.MoveNext();
        return parser.Current!;
    }

    private static NotPlainException At(ParsingEvent place, string message) => new((int)place.Start.Line, message);

    /// <summary>Valid YAML that is more than a settings file may be.</summary>
    private sealed class NotPlainException(int line, string message) : Exception(message)
    {
        public int Line { get; } = line;
    }
}
