using System.Xml.Linq;

namespace Customer360.Architecture.Tests;

/// <summary>The repository that the tests were built from, as text.</summary>
internal static class Repository
{
    private const string Solution = "Customer360.Orleans.sln";

    public static string Root { get; } = FindRoot();

    /// <summary>Source files below the folders, without what builds make.</summary>
    public static IEnumerable<string> Sources(params string[] folders) =>
        folders
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            )
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(IsOfABuild));

    /// <summary>Names of the projects that a project references, without <c>Customer360.</c>; analyzers don't count.</summary>
    public static string[] ProjectReferences(string project) =>
        [
            .. References(project, "ProjectReference")
                .Where(reference => reference.Attribute("OutputItemType")?.Value != "Analyzer")
                .Select(reference => Path.GetFileNameWithoutExtension(IncludeOf(reference)))
                .Select(name => name.Replace("Customer360.", "", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Packages that a project references, under whatever condition.</summary>
    public static string[] PackageReferences(string project) =>
        [.. References(project, "PackageReference").Select(IncludeOf).Order(StringComparer.Ordinal)];

    /// <summary>The elements of a project file and of the files that it imports.</summary>
    private static IEnumerable<XElement> References(string file, string name)
    {
        string path = Path.Combine(Root, file);
        var document = XDocument.Load(path);
        IEnumerable<XElement> imported = document
            .Descendants("Import")
            .Select(import => import.Attribute("Project")!.Value)
            .SelectMany(import => References(Path.Combine(Path.GetDirectoryName(path)!, import), name));
        return document.Descendants(name).Concat(imported);
    }

    private static string IncludeOf(XElement reference) => reference.Attribute("Include")!.Value;

    private static bool IsOfABuild(string folder) => folder is "bin" or "obj" or "node_modules";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"{Solution} is in no folder above {AppContext.BaseDirectory}.");
    }
}
