using System.Reflection;
using Customer360.Rules.Identity;

namespace Customer360.Architecture.Tests;

/// <summary>References point one way (blueprint, section 2).</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("src/Rules/Customer360.Rules.csproj")]
    [InlineData("src/Storage/Customer360.Storage.csproj", "Rules")]
    [InlineData("src/EmbeddedEngine/Customer360.EmbeddedEngine.csproj")]
    [InlineData("src/EmbeddedEngine.CodeGen/Customer360.EmbeddedEngine.CodeGen.csproj")]
    [InlineData("grains/Customer360.Grains.csproj", "EmbeddedEngine", "Rules")]
    [InlineData("silo/Customer360.Silo.csproj", "EmbeddedEngine", "Grains", "Rules", "Storage")]
    [InlineData("api/Customer360.Api.csproj", "Grains", "Rules", "Silo")]
    public void Project_WhenBuilt_ReferencesOnlyWhatItMay(string project, params string[] allowed) =>
        Assert.Equal(allowed, Repository.ProjectReferences(project));

    [Fact]
    public void Rules_WhenBuilt_NeedNoPackage() =>
        Assert.Empty(Repository.PackageReferences("src/Rules/Customer360.Rules.csproj"));

    [Fact]
    public void Grains_WhenBuilt_NeedNoPackageButTheEngine() =>
        Assert.All(
            Repository.PackageReferences("grains/Customer360.Grains.csproj"),
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

    private static bool IsBaseLibrary(string name) =>
        name is "System" or "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal);
}
