using Customer360.Rules.Configuration;

namespace Customer360.Silo.Yaml;

/// <summary>Policy files are YAML, and so JSON as well.</summary>
public sealed class YamlFormat : IConfigFormat
{
    public (ConfigNode? File, ConfigFault? Fault) Read(string text) => YamlConfig.Read(text);
}
