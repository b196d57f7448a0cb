using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Tests.Conditions;

/// <summary>
/// Enough of YAML to write policies in tests and to read the sample files: maps and lists in blocks and in brackets, quotes,
/// comments. The files' own reader stands in the silo, which these tests don't see.
/// </summary>
internal sealed class SmallYaml : IConfigFormat
{
    public static SmallYaml Instance { get; } = new();

    /// <summary>The tree of a text that is known to be well formed.</summary>
    public static ConfigNode Node(string text) => new Lines(text).Read();

    public (ConfigNode? File, ConfigFault? Fault) Read(string text) => (Node(text), null);

    /// <summary>A sample file of the documentation.</summary>
    public static string Sample(string kind)
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Customer360.Orleans.sln")))
        {
            folder = folder.Parent!;
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "policies", $"{kind}.yaml"));
    }

    /// <summary>What is wrong with a file, a line each.</summary>
    public static string[] Faults(PolicyKind kind, string text) =>
        [.. kind.Read(text, Instance).Faults.Select(fault => fault.ToString())];

    private sealed class Lines
    {
        private readonly List<(int Indent, string Text, int Number)> _lines = [];
        private int _at;

        public Lines(string text)
        {
            int number = 0;
            foreach (string raw in text.Split('\n'))
            {
                number++;
                string line = WithoutComment(raw).TrimEnd();
                if (line.Trim().Length > 0)
                {
                    _lines.Add((line.Length - line.TrimStart().Length, line.TrimStart(), number));
                }
            }
        }

        public ConfigNode Read() => _lines.Count == 0 ? new ConfigNode(ConfigKind.Text, 1) : Block(_lines[0].Indent);

        private static string WithoutComment(string line)
        {
            char quote = '\0';
            for (int index = 0; index < line.Length; index++)
            {
                char one = line[index];
                if (quote != '\0')
                {
                    quote = one == quote ? '\0' : quote;
                }
                else if (one is '"' || (one is '\'' && (index == 0 || " [{,:".Contains(line[index - 1]))))
                {
                    quote = one;
                }
                else if (one == '#' && (index == 0 || line[index - 1] == ' '))
                {
                    return line[..index];
                }
            }

            return line;
        }

        private ConfigNode Block(int indent)
        {
            (_, string text, int number) = _lines[_at];
            if (text.StartsWith("- ", StringComparison.Ordinal))
            {
                var items = ImmutableArray.CreateBuilder<ConfigNode>();
                while (
                    _at < _lines.Count
                    && _lines[_at].Indent == indent
                    && _lines[_at].Text.StartsWith("- ", StringComparison.Ordinal)
                )
                {
                    string rest = _lines[_at].Text[1..];
                    int inner = indent + 1 + rest.Length - rest.TrimStart().Length;
                    _lines[_at] = (inner, rest.TrimStart(), _lines[_at].Number);
                    items.Add(Block(inner));
                }

                return new ConfigNode(ConfigKind.List, number) { Items = items.ToImmutable() };
            }

            if (text[0] is '{' or '[' || KeyEnd(text) < 0)
            {
                return Inline(text);
            }

            var members = ImmutableArray.CreateBuilder<ConfigMember>();
            while (_at < _lines.Count && _lines[_at].Indent == indent)
            {
                (_, string line, int at) = _lines[_at];
                int colon = KeyEnd(line);
                string name = line[..colon].Trim('"', '\'');
                string value = line[(colon + 1)..].Trim();
                ConfigNode node;
                if (value.Length > 0)
                {
                    node = Inline(value);
                }
                else
                {
                    _at++;
                    bool hasBlock =
                        _at < _lines.Count
                        && (
                            _lines[_at].Indent > indent
                            || (
                                _lines[_at].Indent == indent
                                && _lines[_at].Text.StartsWith("- ", StringComparison.Ordinal)
                            )
                        );
                    node = hasBlock ? Block(_lines[_at].Indent) : new ConfigNode(ConfigKind.Text, at);
                }

                members.Add(new ConfigMember(name, at, node));
            }

            return new ConfigNode(ConfigKind.Map, number) { Members = members.ToImmutable() };
        }

        private static int KeyEnd(string text)
        {
            int start = text[0] is '"' or '\'' ? text.IndexOf(text[0], 1) : 0;
            for (int index = start; index < text.Length; index++)
            {
                if (text[index] == ':' && (index + 1 == text.Length || text[index + 1] == ' '))
                {
                    return index;
                }
            }

            return -1;
        }

        /// <summary>A value of the present line; brackets may close in a later one.</summary>
        private ConfigNode Inline(string text)
        {
            int number = _lines[_at++].Number;
            if (text[0] is '{' or '[')
            {
                while (text.Count(one => one is '{' or '[') > text.Count(one => one is '}' or ']'))
                {
                    text += " " + _lines[_at++].Text;
                }
            }

            return new Flow(text, number).Read(isTop: true);
        }
    }

    private sealed class Flow(string text, int line)
    {
        private int _at;

        public ConfigNode Read(bool isTop)
        {
            Skip();
            char first = text[_at];
            if (first == '{')
            {
                return Map();
            }

            if (first == '[')
            {
                return List();
            }

            if (first is '"' or '\'')
            {
                int end = text.IndexOf(first, _at + 1);
                string quoted = text[(_at + 1)..end];
                _at = end + 1;
                return new ConfigNode(ConfigKind.Text, line) { Text = quoted.Replace("\\\\", "\\"), IsQuoted = true };
            }

            int start = _at;
            while (_at < text.Length && (isTop || text[_at] is not (',' or '}' or ']')))
            {
                _at++;
            }

            return new ConfigNode(ConfigKind.Text, line) { Text = text[start.._at].Trim() };
        }

        private void Skip()
        {
            while (_at < text.Length && text[_at] == ' ')
            {
                _at++;
            }
        }

        private ConfigNode Map()
        {
            var members = ImmutableArray.CreateBuilder<ConfigMember>();
            _at++;
            for (Skip(); text[_at] != '}'; Skip())
            {
                int colon = text.IndexOf(": ", _at, StringComparison.Ordinal);
                string name = text[_at..colon].Trim().Trim('"', '\'');
                _at = colon + 1;
                members.Add(new ConfigMember(name, line, Read(isTop: false)));
                Skip();
                _at += text[_at] == ',' ? 1 : 0;
            }

            _at++;
            return new ConfigNode(ConfigKind.Map, line) { Members = members.ToImmutable() };
        }

        private ConfigNode List()
        {
            var items = ImmutableArray.CreateBuilder<ConfigNode>();
            _at++;
            for (Skip(); text[_at] != ']'; Skip())
            {
                items.Add(Read(isTop: false));
                Skip();
                _at += text[_at] == ',' ? 1 : 0;
            }

            _at++;
            return new ConfigNode(ConfigKind.List, line) { Items = items.ToImmutable() };
        }
    }
}
