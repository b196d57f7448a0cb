namespace Customer360.Rules.Configuration;

/// <summary>Takes a configuration file apart. A port: the rules know the base class library only, and formats need more.</summary>
public interface IConfigFormat
{
    /// <summary>
    /// The file's content, or the fault that keeps it from being read. A file without content is a text that says nothing
    /// (<see cref="ConfigNode.IsNothing"/>).
    /// </summary>
    (ConfigNode? File, ConfigFault? Fault) Read(string text);
}
