using System.Text;
using System.Text.RegularExpressions;

namespace Customer360.Architecture.Tests;

/// <summary>A page of documentation: its words, its lines, its headings and where its links lead.</summary>
internal sealed partial class MarkdownPage
{
    private readonly string[] _lines;

    private MarkdownPage(string name, string[] lines)
    {
        Name = name;
        _lines = lines;
    }

    /// <summary>The path from the root of the repository, with slashes.</summary>
    public string Name { get; }

    public bool IsReadme => Name.Split('/')[^1] == "README.md";

    /// <summary>All pages, without those that builds, packages and tools bring along.</summary>
    public static IEnumerable<MarkdownPage> All() =>
        Directory
            .EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(name => !name.Split('/').Any(part => part is "bin" or "obj" or "node_modules" || part[0] == '.'))
            .Order(StringComparer.Ordinal)
            .Select(name => new MarkdownPage(name, File.ReadAllLines(Path.Combine(Repository.Root, name))));

    public static MarkdownPage Of(string name, string text) => new(name, text.Split('\n'));

    /// <summary>What white space separates, in tables and code too: as <c>wc -w</c> counts.</summary>
    public int WordCount() =>
        _lines.Sum(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);

    /// <summary>Numbers of the lines that are longer, except in tables and code, which can't be wrapped.</summary>
    public IEnumerable<int> LinesOver(int length) =>
        Prose().Where(line => line.Text.Length > length && line.Text[0] != '|').Select(line => line.Number);

    /// <summary>Links that lead nowhere, as <c>file:line target</c>: addresses on other machines are not asked.</summary>
    public IEnumerable<string> BrokenLinks() =>
        from line in Prose()
        from Match match in Link().Matches(InlineCode().Replace(line.Text, ""))
        let target = match.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal) && !Leads(target)
        select $"{Name}:{line.Number} {target}";

    private bool Leads(string target)
    {
        string[] parts = target.Split('#', 2);
        string path = Path.Combine(Repository.Root, Path.GetDirectoryName(Name)!, parts[0]);
        if (parts[0].Length > 0 && !File.Exists(path) && !Directory.Exists(path))
        {
            return false;
        }

        if (parts.Length == 1)
        {
            return true;
        }

        MarkdownPage page = parts[0].Length == 0 ? this : Of(parts[0], File.ReadAllText(path));
        return page.Anchors().Contains(parts[1], StringComparer.Ordinal);
    }

    /// <summary>The names by which headings are linked, made as GitHub makes them.</summary>
    private IEnumerable<string> Anchors()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((_, string text) in Prose())
        {
            if (Heading().Match(text) is { Success: true } match)
            {
                string anchor = AnchorOf(match.Groups["text"].Value);
                int before = seen.GetValueOrDefault(anchor);
                seen[anchor] = before + 1;
                yield return before == 0 ? anchor : $"{anchor}-{before}";
            }
        }
    }

    private static string AnchorOf(string heading)
    {
        var anchor = new StringBuilder();
        foreach (char character in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(character) || character is '-' or '_')
            {
                anchor.Append(character);
            }
            else if (character == ' ')
            {
                anchor.Append('-');
            }
        }

        return anchor.ToString();
    }

    /// <summary>The lines that are not inside a block of code and not empty.</summary>
    private IEnumerable<(int Number, string Text)> Prose()
    {
        bool inCode = false;
        for (int index = 0; index < _lines.Length; index++)
        {
            if (_lines[index].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                inCode = !inCode;
            }
            else if (!inCode && _lines[index].Length > 0)
            {
                yield return (index + 1, _lines[index]);
            }
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Heading();
}
