using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Customer360.EmbeddedEngine.CodeGen;

/// <summary>
/// Writes what the embedded engine needs of an assembly's grains: a reference class per grain interface, and one list of
/// interfaces and classes with their constructors' arguments.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class GrainGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var interfaces = context
            .SyntaxProvider.CreateSyntaxProvider(
                static (node, _) => node is InterfaceDeclarationSyntax { BaseList: not null },
                static (syntax, token) =>
                    syntax.SemanticModel.GetDeclaredSymbol(syntax.Node, token) is INamedTypeSymbol type
                    && IsFirstDeclaration(type, syntax.Node)
                    && InterfaceReader.IsGrainInterface(type)
                        ? InterfaceReader.Read(type)
                        : null
            )
            .Where(static model => model is not null)
            .Select(static (model, _) => model!);
        var classes = context
            .SyntaxProvider.CreateSyntaxProvider(
                static (node, _) => node is ClassDeclarationSyntax,
                static (syntax, token) =>
                    syntax.SemanticModel.GetDeclaredSymbol(syntax.Node, token) is INamedTypeSymbol type
                    && IsFirstDeclaration(type, syntax.Node)
                    && ClassReader.IsGrainClass(type)
                        ? ClassReader.Read(type)
                        : null
            )
            .Where(static model => model is not null)
            .Select(static (model, _) => model!);
        var namespaceName = context.CompilationProvider.Select(
            static (compilation, _) => NamespaceOf(compilation.AssemblyName ?? "Assembly")
        );
        context.RegisterSourceOutput(
            interfaces.Combine(namespaceName),
            static (output, pair) => WriteReference(output, pair.Left, pair.Right)
        );
        context.RegisterSourceOutput(
            interfaces.Collect().Combine(classes.Collect()).Combine(namespaceName),
            static (output, all) => WriteManifest(output, all.Left.Left, all.Left.Right, all.Right)
        );
    }

    // A partial type is declared several times and must be written once.
    private static bool IsFirstDeclaration(INamedTypeSymbol type, SyntaxNode node)
    {
        var first = type.DeclaringSyntaxReferences[0];
        return first.SyntaxTree == node.SyntaxTree && first.Span == node.Span;
    }

    private static string NamespaceOf(string assemblyName)
    {
        var name = new StringBuilder("Customer360.EmbeddedEngine.Generated.");
        foreach (var character in assemblyName)
        {
            name.Append(char.IsLetterOrDigit(character) ? character : '_');
        }

        return name.ToString();
    }

    private static void WriteReference(SourceProductionContext output, InterfaceModel model, string namespaceName)
    {
        foreach (var problem in model.Problems)
        {
            output.ReportDiagnostic(Diagnostics.Report(problem));
        }

        if (model.Problems.Count == 0)
        {
            output.AddSource(
                $"Reference_{model.ClassName}.g.cs",
                SourceText.From(ReferenceWriter.Write(model, namespaceName), Encoding.UTF8)
            );
        }
    }

    private static void WriteManifest(
        SourceProductionContext output,
        IReadOnlyList<InterfaceModel> interfaces,
        IReadOnlyList<ClassModel> classes,
        string namespaceName
    )
    {
        foreach (var problem in classes.SelectMany(static model => model.Problems))
        {
            output.ReportDiagnostic(Diagnostics.Report(problem));
        }

        var soundInterfaces = interfaces
            .Where(static model => model.Problems.Count == 0)
            .OrderBy(static model => model.FullName, System.StringComparer.Ordinal)
            .ToArray();
        var soundClasses = classes
            .Where(static model => model.Problems.Count == 0)
            .OrderBy(static model => model.FullName, System.StringComparer.Ordinal)
            .ToArray();
        if (soundInterfaces.Length != 0 || soundClasses.Length != 0)
        {
            output.AddSource(
                "AssemblyGrains.g.cs",
                SourceText.From(ManifestWriter.Write(soundInterfaces, soundClasses, namespaceName), Encoding.UTF8)
            );
        }
    }
}
