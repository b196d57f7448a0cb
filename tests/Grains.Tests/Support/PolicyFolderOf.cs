namespace Customer360.Grains.Tests.Support;

/// <summary>A folder of policies with a file in it, or more; gone at the end.</summary>
internal sealed class PolicyFolderOf : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-policies-").FullName;
    private readonly string _name;

    public PolicyFolderOf(string name, string text)
    {
        _name = name;
        Write(text);
    }

    /// <summary>What points a node at the folder.</summary>
    public (string, string) Setting => ("Customer360:Policies:Folder", _folder);

    public void Write(string text) => Write(_name, text);

    /// <summary>Another file beside it.</summary>
    public void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
