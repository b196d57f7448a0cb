using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Customer360.Rules.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Customer360.Silo.Yaml;

/// <summary>
/// Reads a configuration file as a tree that knows its lines and keeps what a mapping would hide: a name that stands twice.
/// JSON is read too, being YAML.
/// </summary>
/// <remarks>
/// Anchors, aliases and several documents are refused: a rules file needs none, and aliases can make a small text
/// enormous.
/// </remarks>
internal static class YamlTree
{
    private const int DepthMax = 16;

    /// <summary>The root; null with errors where the text is no such YAML. An empty text is an empty mapping.</summary>
    public static bool TryRead(
        string text,
        [NotNullWhen(true)] out YamlNode? root,
        [NotNullWhen(false)] out ConfigFault? error
    )
    {
        root = null;
        error = null;
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
            {
                root = new YamlMapping(1, []);
                return true;
            }

            parser.Consume<DocumentStart>();
            root = Read(parser, depth: 1);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                throw Refused(parser.Current!, "there must be one document only");
            }

            return true;
        }
        catch (YamlException exception)
        {
            // The commonest mistake, which the parser tells at the line before; else the line where it met the error (a
            // quote or bracket that is never closed began elsewhere).
            int tab = exception.Message.Contains(" tab ", StringComparison.Ordinal) ? TabbedLine(text) : 0;
            error =
                tab > 0
                    ? new ConfigFault(tab, "", "the line is indented with a tab; YAML wants spaces")
                    : new ConfigFault((int)Math.Max(exception.End.Line, 1), "", Sentence(exception));
            return false;
        }
    }

    private static YamlNode Read(Parser parser, int depth)
    {
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            throw Refused(parser.Current, "anchors and aliases are not taken; write the value out");
        }

        if (depth > DepthMax)
        {
            throw Refused(parser.Current!, $"nesting is deeper than {DepthMax} levels");
        }

        if (parser.Accept<Scalar>(out _))
        {
            return ToScalar(parser.Consume<Scalar>());
        }

        if (parser.Accept<SequenceStart>(out _))
        {
            SequenceStart sequence = parser.Consume<SequenceStart>();
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, depth + 1));
            }

            return new YamlSequence((int)sequence.Start.Line, items.ToImmutable());
        }

        MappingStart mapping = parser.Consume<MappingStart>();
        var members = ImmutableArray.CreateBuilder<YamlMember>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Read(parser, depth + 1) is not YamlScalar name)
            {
                throw Refused(mapping, "a name must be a text");
            }

            members.Add(new YamlMember(name.Line, name.Text, Read(parser, depth + 1)));
        }

        return new YamlMapping((int)mapping.Start.Line, members.ToImmutable());
    }

    private static YamlScalar ToScalar(Scalar scalar)
    {
        // An escape can write what neither storage nor a trait's name can hold.
        if (scalar.Value.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar))
        {
            throw Refused(scalar, "a text holds a control character, or half a character");
        }

        bool isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is ("" or "null" or "~");
        return new YamlScalar((int)scalar.Start.Line, scalar.Value, isNull);
    }

    private static YamlException Refused(ParsingEvent at, string message) => new(at.Start, at.Start, message);

    /// <summary>The first line with a tab in its indentation, from 1; 0: there is none.</summary>
    private static int TabbedLine(string text)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line[..(line.Length - line.TrimStart().Length)].Contains('\t'))
            {
                return number;
            }
        }

        return 0;
    }

    /// <summary>The parser's own words begin with its place, which we name ourselves.</summary>
    private static string Sentence(YamlException exception)
    {
        string message = exception.Message;
        int place = message.IndexOf("): ", StringComparison.Ordinal);
        string words = (place < 0 || message[0] != '(' ? message : message[(place + 3)..]).TrimEnd('.');
        string sentence = words.Length == 0 ? "this is no YAML" : char.ToLowerInvariant(words[0]) + words[1..];
        return exception.Start.Line == exception.End.Line
            ? sentence
            : $"{sentence} (begun in line {exception.Start.Line})";
    }
}
