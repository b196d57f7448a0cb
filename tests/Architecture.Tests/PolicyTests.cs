using Customer360.Rules.Policies;

namespace Customer360.Architecture.Tests;

/// <summary>All kinds of policy share one implementation, and it knows none of them.</summary>
public sealed class PolicyTests
{
    private static readonly Type[] s_kinds =
    [
        .. typeof(PolicyKind)
            .Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(PolicyKind))),
    ];

    [Fact]
    public void Kinds_WhenDeclared_AreRegistered()
    {
        string registration = File.ReadAllText(Path.Combine(Repository.Root, "silo/Policies/PolicyServices.cs"));

        Assert.NotEmpty(s_kinds);
        Assert.All(s_kinds, kind => Assert.Contains($", {kind.Name}>()", registration, StringComparison.Ordinal));
    }

    [Fact]
    public void SharedCode_WhenWritten_NamesNoKind()
    {
        // What registers the kinds, and what takes over the rows of two of them.
        string[] exceptions = ["PolicyServices.cs", "FormerPolicies.cs"];
        string[] names =
        [
            .. s_kinds.Select(kind => kind.Name),
            .. s_kinds.Select(kind => kind.BaseType!.GenericTypeArguments[0].Name),
        ];

        string[] found =
        [
            .. SourceTests
                .Find(
                    ["src/Rules/Policies", "grains/Policies", "silo/Policies", "api/Policies"],
                    line => names.Any(name => line.Contains(name, StringComparison.Ordinal))
                )
                .Where(one => !exceptions.Any(file => one.Contains(file, StringComparison.Ordinal))),
        ];
        Assert.Empty(found);
    }
}
