using System.Collections.Immutable;

namespace Customer360.Rules.Configuration;

/// <summary>What a place of a configuration file holds.</summary>
public enum ConfigKind
{
    Text = 1,
    Map = 2,
    List = 3,
}

/// <summary>
/// A place of a configuration file and where it stands, so that a fault can name its line. Whatever the file's format
/// is, a reader outside the rules brings it to this.
/// </summary>
/// <param name="Line">From 1.</param>
public sealed record ConfigNode(ConfigKind Kind, int Line)
{
    /// <summary>Of a text: its value.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of a text: true where quotes around it say that it is one, whatever it looks like.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>Of a map: its members in the file's order; a name may stand there twice.</summary>
    public ImmutableArray<ConfigMember> Members { get; init; } = [];

    /// <summary>Of a list: its items.</summary>
    public ImmutableArray<ConfigNode> Items { get; init; } = [];

    /// <summary>True where the file says "nothing".</summary>
    public bool IsNothing => Kind == ConfigKind.Text && !IsQuoted && Text is ("" or "~" or "null" or "Null" or "NULL");
}

/// <param name="Line">Where the name stands, from 1.</param>
public readonly record struct ConfigMember(string Name, int Line, ConfigNode Value);

/// <summary>What is wrong at a place of a configuration file.</summary>
/// <param name="Line">From 1; 0 where it is about the whole file.</param>
/// <param name="Rule">The path of the rule: <c>identifiers.email.limit</c>.</param>
/// <param name="Message">One sentence. Values of the file are not in it: a blocked value may name a person.</param>
public readonly record struct ConfigFault(int Line, string Rule, string Message)
{
    public override string ToString() => $"line {Line}, {Rule}: {Message}";
}
