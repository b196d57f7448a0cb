namespace Customer360.Grains.Tests.Support;

/// <summary>A folder of policies with one file in it; gone at the end.</summary>
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

    public void Write(string text) => File.WriteAllText(Path.Combine(_folder, _name), text);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
