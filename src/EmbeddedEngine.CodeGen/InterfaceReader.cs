using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Customer360.EmbeddedEngine.CodeGen;

/// <summary>Makes a model of a grain interface.</summary>
internal static class InterfaceReader
{
    private const int OneWay = 1;
    private const int ReadOnly = 2;
    private const int AlwaysInterleave = 4;

    /// <summary>True for interfaces that references are made for.</summary>
    public static bool IsGrainInterface(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Interface
        && Symbols.Implements(type, "Orleans.Runtime.IAddressable")
        && !Symbols.Dotted(type).StartsWith("Orleans.IGrain", StringComparison.Ordinal);

    public static InterfaceModel Read(INamedTypeSymbol type)
    {
        var problems = new List<Problem>();
        if (!Symbols.IsAccessible(type))
        {
            problems.Add(Problem.At(Diagnostics.Inaccessible, type, Symbols.Dotted(type)));
        }

        var methods = new List<MethodModel>();
        foreach (var declaring in new[] { type }.Concat(type.AllInterfaces))
        {
            foreach (var member in declaring.GetMembers().Where(static member => !member.IsStatic))
            {
                ReadMember(declaring, member, methods, problems);
            }
        }

        var parameters = type.TypeParameters;
        return new InterfaceModel(
            Symbols.Bare(type),
            Symbols.Open(type),
            WireName(type),
            Symbols.Identifier(type),
            parameters.IsEmpty ? string.Empty : "<" + string.Join(", ", parameters.Select(static p => p.Name)) + ">",
            string.Concat(parameters.Select(Constraint)),
            parameters.IsEmpty ? string.Empty : "<" + new string(',', parameters.Length - 1) + ">",
            new EquatableArray<MethodModel>(methods),
            new EquatableArray<Problem>(problems)
        );
    }

    private static string WireName(INamedTypeSymbol type) =>
        Symbols.AttributeText(type, "Orleans.Runtime.GrainInterfaceTypeAttribute")
        ?? Symbols.AttributeText(type, "Orleans.AliasAttribute")
        ?? (
            type.Arity == 0
                ? Symbols.Dotted(type)
                : Symbols.Dotted(type) + "`" + type.Arity.ToString(CultureInfo.InvariantCulture)
        );

    private static void ReadMember(
        INamedTypeSymbol declaring,
        ISymbol member,
        List<MethodModel> methods,
        List<Problem> problems
    )
    {
        if (member is not IMethodSymbol method)
        {
            if (member is IPropertySymbol or IEventSymbol)
            {
                problems.Add(Problem.At(Diagnostics.NotAMethod, member, member.ToDisplayString()));
            }

            return;
        }

        if (method.MethodKind != MethodKind.Ordinary)
        {
            return;
        }

        var name = method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        if (method.IsGenericMethod)
        {
            problems.Add(Problem.At(Diagnostics.GenericMethod, method, name));
            return;
        }

        foreach (var parameter in method.Parameters.Where(static parameter => parameter.RefKind != RefKind.None))
        {
            problems.Add(Problem.At(Diagnostics.ByReference, method, name, parameter.Name));
            return;
        }

        var options = OptionsOf(method);
        if (ReturnKindOf(method.ReturnType) is not { } kind || (kind == ReturnKind.Void && (options & OneWay) == 0))
        {
            problems.Add(Problem.At(Diagnostics.ReturnType, method, name, method.ReturnType.ToDisplayString()));
            return;
        }

        if (
            (options & OneWay) != 0
            && kind is ReturnKind.TaskOfResult or ReturnKind.ValueTaskOfResult or ReturnKind.AsyncEnumerable
        )
        {
            problems.Add(Problem.At(Diagnostics.OneWayResult, method, name));
            return;
        }

        methods.Add(
            new MethodModel(
                Symbols.Bare(declaring),
                WireName(declaring),
                method.Name,
                Symbols.Signature(method.ReturnType),
                kind,
                kind is ReturnKind.TaskOfResult or ReturnKind.ValueTaskOfResult or ReturnKind.AsyncEnumerable
                    ? Symbols.Signature(((INamedTypeSymbol)method.ReturnType).TypeArguments[0])
                    : string.Empty,
                new EquatableArray<ParameterModel>(
                    method.Parameters.Select(static parameter => new ParameterModel(
                        parameter.Name,
                        Symbols.Signature(parameter.Type),
                        Symbols.Bare(parameter.Type),
                        Symbols.Is(parameter.Type, "System.Threading.CancellationToken")
                    ))
                ),
                options,
                TimeoutOf(method)
            )
        );
    }

    private static ReturnKind? ReturnKindOf(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Void)
        {
            return ReturnKind.Void;
        }

        var hasResult = type is INamedTypeSymbol { Arity: 1 };
        return Symbols.Dotted(type) switch
        {
            "System.Threading.Tasks.Task" => hasResult ? ReturnKind.TaskOfResult : ReturnKind.Task,
            "System.Threading.Tasks.ValueTask" => hasResult ? ReturnKind.ValueTaskOfResult : ReturnKind.ValueTask,
            "System.Collections.Generic.IAsyncEnumerable" => ReturnKind.AsyncEnumerable,
            _ => null,
        };
    }

    private static int OptionsOf(IMethodSymbol method)
    {
        var options = 0;
        foreach (var attribute in method.GetAttributes())
        {
            options |= attribute.AttributeClass is { } type
                ? Symbols.Dotted(type) switch
                {
                    "Orleans.Concurrency.OneWayAttribute" => OneWay,
                    "Orleans.Concurrency.ReadOnlyAttribute" => ReadOnly,
                    "Orleans.Concurrency.AlwaysInterleaveAttribute" => AlwaysInterleave,
                    _ => 0,
                }
                : 0;
        }

        return options;
    }

    private static long TimeoutOf(IMethodSymbol method) =>
        Symbols.AttributeText(method, "Orleans.ResponseTimeoutAttribute") is { } text
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout)
            ? timeout.Ticks
            : 0;

    private static string Constraint(ITypeParameterSymbol parameter)
    {
        var parts = new List<string>();
        if (parameter.HasUnmanagedTypeConstraint)
        {
            parts.Add("unmanaged");
        }
        else if (parameter.HasValueTypeConstraint)
        {
            parts.Add("struct");
        }
        else if (parameter.HasReferenceTypeConstraint)
        {
            parts.Add("class");
        }
        else if (parameter.HasNotNullConstraint)
        {
            parts.Add("notnull");
        }

        parts.AddRange(parameter.ConstraintTypes.Select(Symbols.Signature));
        if (parameter.HasConstructorConstraint && !parameter.HasValueTypeConstraint)
        {
            parts.Add("new()");
        }

        return parts.Count == 0 ? string.Empty : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }
}
