using System.Reflection;
using System.Runtime.CompilerServices;
using Customer360.Grains.Contracts;

namespace Customer360.Architecture.Tests;

/// <summary>What a grain class may not be or have.</summary>
public sealed class GrainTests
{
    private static readonly Assembly s_grainAssembly = typeof(Customer360.Grains.CustomerGrain).Assembly;

    [Fact]
    public void GrainClasses_WhenDeclared_AreSealed()
    {
        Type[] classes =
        [
            .. s_grainAssembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(Grain))),
        ];

        Assert.True(classes.Length >= 4);
        Assert.Empty(classes.Where(type => !type.IsSealed).Select(type => type.Name));
    }

    [Fact]
    public void Grains_WhenDeclared_ShareNothingThatChanges()
    {
        // A static field is seen by every activation at once, and by none on another node.
        string[] mutable =
        [
            .. s_grainAssembly
                .GetTypes()
                .Concat(typeof(ICustomerGrain).Assembly.GetTypes())
                .Where(type => !IsGenerated(type))
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(field =>
                    !field.IsInitOnly && !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute))
                )
                .Select(field => $"{field.DeclaringType!.Name}.{field.Name}"),
        ];

        Assert.Empty(mutable);
    }

    /// <summary>Made by the compiler or a source generator (references, caches of lambdas), or lies within such a type.</summary>
    private static bool IsGenerated(Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal)
        || type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
