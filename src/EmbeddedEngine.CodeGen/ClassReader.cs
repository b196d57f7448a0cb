using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Customer360.EmbeddedEngine.CodeGen;

/// <summary>Makes a model of a grain class.</summary>
internal static class ClassReader
{
    private const string Suffix = "grain";

    /// <summary>True for classes that activations are made of.</summary>
    public static bool IsGrainClass(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, IsAbstract: false, IsStatic: false }
        && Symbols.Implements(type, "Orleans.IGrain")
        && !DerivesFromReference(type);

    public static ClassModel Read(INamedTypeSymbol type)
    {
        var problems = new List<Problem>();
        if (!Symbols.IsAccessible(type))
        {
            problems.Add(Problem.At(Diagnostics.Inaccessible, type, Symbols.Dotted(type)));
        }

        var arguments = new List<string>();
        var dependencies = new List<string>();
        if (ConstructorOf(type) is { } constructor)
        {
            foreach (var parameter in constructor.Parameters)
            {
                arguments.Add(Argument(parameter, dependencies));
            }
        }
        else
        {
            problems.Add(Problem.At(Diagnostics.Constructor, type, Symbols.Dotted(type)));
        }

        return new ClassModel(
            Symbols.Bare(type),
            Symbols.Open(type),
            GrainTypeOf(type),
            type.IsGenericType,
            new EquatableArray<string>(arguments),
            new EquatableArray<string>(type.IsGenericType ? Enumerable.Empty<string>() : dependencies),
            new EquatableArray<Problem>(problems)
        );
    }

    private static bool DerivesFromReference(INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (Symbols.Is(current, "Orleans.Runtime.GrainReference"))
            {
                return true;
            }
        }

        return false;
    }

    private static IMethodSymbol? ConstructorOf(INamedTypeSymbol type)
    {
        var candidates = type
            .InstanceConstructors.Where(static candidate =>
                candidate.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal
            )
            .ToArray();
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        const string marker = "Microsoft.Extensions.DependencyInjection.ActivatorUtilitiesConstructorAttribute";
        return candidates.SingleOrDefault(static candidate => Symbols.Attribute(candidate, marker) is not null)
            ?? OnlyPublic(candidates);
    }

    private static IMethodSymbol? OnlyPublic(IMethodSymbol[] candidates)
    {
        var open = candidates
            .Where(static candidate => candidate.DeclaredAccessibility == Accessibility.Public)
            .ToArray();
        return open.Length == 1 ? open[0] : null;
    }

    private static string Argument(IParameterSymbol parameter, List<string> dependencies)
    {
        var type = Symbols.Bare(parameter.Type);
        if (
            Symbols.Attribute(parameter, "Orleans.Runtime.PersistentStateAttribute") is { } state
            && parameter.Type is INamedTypeSymbol { TypeArguments.Length: 1 } stateType
        )
        {
            var names = state.ConstructorArguments;
            return $"construction.PersistentState<{Symbols.Signature(stateType.TypeArguments[0])}>("
                + Symbols.Literal(names[0].Value as string)
                + ", "
                + Symbols.Literal(names.Length > 1 ? names[1].Value as string : null)
                + ")";
        }

        if (
            Symbols.Attribute(parameter, "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute") is
            { ConstructorArguments: { Length: 1 } keys }
        )
        {
            return $"construction.KeyedService<{type}>({keys[0].ToCSharpString()})";
        }

        dependencies.Add(type);
        return parameter.HasExplicitDefaultValue && parameter.Type.IsReferenceType
            ? $"construction.OptionalService<{type}>()!"
            : $"construction.Service<{type}>()";
    }

    /// <summary>As Orleans names it: [GrainType], or the class name in lower case without "grain".</summary>
    private static string GrainTypeOf(INamedTypeSymbol type)
    {
        if (Symbols.AttributeText(type, "Orleans.GrainTypeAttribute") is { } named)
        {
            return named;
        }

#pragma warning disable CA1308 // Lower case is how Orleans writes grain types.
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        if (name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            name = name.Substring(0, name.Length - Suffix.Length);
        }

        return type.Arity == 0 ? name : name + "`" + type.Arity.ToString(CultureInfo.InvariantCulture);
    }
}
