using System.Collections.Immutable;

namespace Customer360.Silo.Yaml;

/// <summary>A node of a configuration file, with the line that it begins on (from 1).</summary>
internal abstract record YamlNode(int Line);

/// <summary>A text, number, or nothing. What it means is for its reader to say.</summary>
/// <param name="IsNull">It was left empty, or written <c>null</c> or <c>~</c> without quotes.</param>
internal sealed record YamlScalar(int Line, string Text, bool IsNull) : YamlNode(Line);

internal sealed record YamlSequence(int Line, ImmutableArray<YamlNode> Items) : YamlNode(Line);

/// <param name="Members">In the file's order; a name that stands twice is in here twice.</param>
internal sealed record YamlMapping(int Line, ImmutableArray<YamlMember> Members) : YamlNode(Line);

/// <param name="Line">The name's line.</param>
internal sealed record YamlMember(int Line, string Name, YamlNode Value);
