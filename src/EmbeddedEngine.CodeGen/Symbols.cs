using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Customer360.EmbeddedEngine.CodeGen;

/// <summary>Questions about symbols that both readers ask.</summary>
internal static class Symbols
{
    private static readonly SymbolDisplayFormat s_withNullability =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
        );

    private static readonly SymbolDisplayFormat s_plain = new SymbolDisplayFormat(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces
    );

    /// <summary>"global::" name with nullability marks, for signatures.</summary>
    public static string Signature(ITypeSymbol type) => type.ToDisplayString(s_withNullability);

    /// <summary>"global::" name without them, for typeof.</summary>
    public static string Bare(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>The dotted name without type parameters.</summary>
    public static string Dotted(ITypeSymbol type) => type.ToDisplayString(s_plain);

    /// <summary>The name of the open type, for typeof.</summary>
    public static string Open(INamedTypeSymbol type) =>
        type.IsGenericType ? Bare(type.ConstructUnboundGenericType()) : Bare(type);

    public static bool Is(ITypeSymbol? type, string dottedName) => type is not null && Dotted(type) == dottedName;

    public static bool Implements(ITypeSymbol type, string dottedName) =>
        type.AllInterfaces.Any(candidate => Is(candidate, dottedName));

    public static AttributeData? Attribute(ISymbol symbol, string dottedName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => Is(attribute.AttributeClass, dottedName));

    /// <summary>The attribute's first constructor argument, if it is a text.</summary>
    public static string? AttributeText(ISymbol symbol, string dottedName) =>
        Attribute(symbol, dottedName) is { ConstructorArguments: { Length: > 0 } arguments }
            ? arguments[0].Value as string
            : null;

    /// <summary>True if generated code in the same assembly can name it.</summary>
    public static bool IsAccessible(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (
                current.DeclaredAccessibility
                is Accessibility.Private
                    or Accessibility.Protected
                    or Accessibility.ProtectedAndInternal
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A name for a generated class: unique, because type names are.</summary>
    public static string Identifier(INamedTypeSymbol type)
    {
        var name = new StringBuilder();
        foreach (var character in Dotted(type))
        {
            name.Append(char.IsLetterOrDigit(character) ? character : '_');
        }

        return type.Arity == 0 ? name.ToString() : name.Append("__").Append(type.Arity).ToString();
    }

    /// <summary>A C# text literal.</summary>
    public static string Literal(string? text) =>
        text is null ? "null" : Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
}
