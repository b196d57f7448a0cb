using System.Reflection;
using Customer360.Rules.Identity;

namespace Customer360.Architecture.Tests;

/// <summary>References point one way.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("src/Rules/Customer360.Rules.csproj")]
    [InlineData("src/Storage/Customer360.Storage.csproj", "Rules")]
    [InlineData("src/Phones/Customer360.Phones.csproj", "Rules")]
    [InlineData("grains/Contracts/Customer360.Grains.Contracts.csproj", "Rules")]
    [InlineData("grains/Customer360.Grains.csproj", "Grains.Contracts", "Rules")]
    [InlineData("silo/Customer360.Silo.csproj", "Grains", "Grains.Contracts", "Phones", "Rules", "Storage")]
    [InlineData("api/Customer360.Api.csproj", "Grains.Contracts", "Rules", "Silo")]
    public void Project_WhenBuilt_ReferencesOnlyWhatItMay(string project, params string[] allowed) =>
        Assert.Equal(allowed, Repository.ProjectReferences(project));

    [Fact]
    public void Rules_WhenBuilt_NeedNoPackage() =>
        Assert.Empty(Repository.PackageReferences("src/Rules/Customer360.Rules.csproj"));

    [Theory]
    [InlineData("grains/Customer360.Grains.csproj")]
    [InlineData("grains/Contracts/Customer360.Grains.Contracts.csproj")]
    public void Grains_WhenBuilt_NeedNoPackageButOrleans(string project) =>
        Assert.All(
            Repository.PackageReferences(project),
            package => Assert.StartsWith("Microsoft.Orleans.", package, StringComparison.Ordinal)
        );

    [Fact]
    public void Rules_WhenCompiled_ReferenceTheBaseLibraryOnly()
    {
        // What the compiler found in use, so a reference that came by some other way shows too.
        string[] others =
        [
            .. typeof(IdentityRules)
                .Assembly.GetReferencedAssemblies()
                .Select(assembly => assembly.Name!)
                .Where(name => !IsBaseLibrary(name)),
        ];

        Assert.Empty(others);
    }

    [Fact]
    public void Grains_WhenCompiled_NeverSeeStorage()
    {
        AssemblyName[] references = typeof(Customer360.Grains.CustomerGrain).Assembly.GetReferencedAssemblies();

        Assert.DoesNotContain(
            references,
            assembly =>
                assembly.Name is "Customer360.Storage" or "Npgsql"
                || assembly.Name!.StartsWith("SQLite", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Api_WhenWritten_NeverNamesStorage() =>
        // The reference by way of the silo would let it compile: so the text is looked at.
        Assert.Empty(SourceTests.Find(["api"], line => line.Contains("Customer360.Storage", StringComparison.Ordinal)));

    [Fact]
    public void Api_ApartFromItsHosting_KnowsContractsAndRulesOnly()
    {
        // The reference that the hosting needs would let any handler compile: so the text is looked at.
        string[] others =
        [
            .. SourceTests.Find(["api"], NamesASiloOrAGrain).Where(line => !MayNameASilo.Any(line.StartsWith)),
        ];

        Assert.Empty(others);
        Assert.True(NamesASiloOrAGrain("using Customer360.Grains;"));
        Assert.True(NamesASiloOrAGrain("using Customer360.Silo.Identity;"));
        Assert.False(NamesASiloOrAGrain("using Customer360.Grains.Contracts;"));
    }

    private static string[] MayNameASilo { get; } =
    [
        Path.Combine("api", "Hosting") + Path.DirectorySeparatorChar,
        Path.Combine("api", "Program.cs"),
        // They keep a file in the data folder, with the rights that a node gives its own files.
        Path.Combine("api", "Security", "DevelopmentKeys.cs"),
        Path.Combine("api", "Access", "MaskKeyFile.cs"),
    ];

    private static bool NamesASiloOrAGrain(string line) =>
        line.Replace("Customer360.Grains.Contracts", "", StringComparison.Ordinal) is var rest
        && (
            rest.Contains("Customer360.Silo", StringComparison.Ordinal)
            || rest.Contains("Customer360.Grains", StringComparison.Ordinal)
        );

    private static bool IsBaseLibrary(string name) =>
        name is "System" or "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal);
}
