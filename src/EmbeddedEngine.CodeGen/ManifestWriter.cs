using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Customer360.EmbeddedEngine.CodeGen;

/// <summary>Writes the list of an assembly's grain interfaces and classes.</summary>
internal static class ManifestWriter
{
    private const string Runtime = "global::Customer360.EmbeddedEngine.Runtime.";

    public static string Write(
        IReadOnlyList<InterfaceModel> interfaces,
        IReadOnlyList<ClassModel> classes,
        string namespaceName
    )
    {
        var text = new StringBuilder(ReferenceWriter.Header);
        text.Append("[assembly: ").Append(Runtime).Append("GrainManifestAttribute(typeof(").Append(namespaceName);
        text.Append(".AssemblyGrains))]\nnamespace ").Append(namespaceName).Append("\n{\n");
        text.Append(
            "    [global::System.CodeDom.Compiler.GeneratedCode(\"Customer360.EmbeddedEngine.CodeGen\", \"1.0\")]\n"
        );
        text.Append("    [global::System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]\n");
        text.Append("    internal sealed class AssemblyGrains : ").Append(Runtime).Append("GrainManifest\n    {\n");
        WriteList(text, "Interfaces", "GrainInterfaceModel", interfaces.Select(Interface));
        WriteList(text, "Classes", "GrainClassModel", classes.Select(Class));
        return text.Append("    }\n}\n").ToString();
    }

    private static void WriteList(StringBuilder text, string property, string type, IEnumerable<string> items)
    {
        text.Append("        public override global::System.Collections.Generic.IEnumerable<")
            .Append(Runtime)
            .Append(type);
        text.Append("> ").Append(property).Append(" => new ").Append(Runtime).Append(type).Append("[]\n        {\n");
        foreach (var item in items)
        {
            text.Append("            new(").Append(item).Append("),\n");
        }

        text.Append("        };\n\n");
    }

    private static string Interface(InterfaceModel model)
    {
        var reference = "Reference_" + model.ClassName;
        var make = model.OpenArity.Length == 0 ? $"static (binding, key) => new {reference}(binding, key)" : "null";
        var shortest = model
            .Methods.Select(static method => method.TimeoutTicks)
            .Where(static ticks => ticks > 0)
            .DefaultIfEmpty(0)
            .Min();
        return $"typeof({model.OpenName}), {Symbols.Literal(model.WireName)}, typeof({reference}{model.OpenArity}), "
            + $"{make}, {shortest.ToString(CultureInfo.InvariantCulture)}L";
    }

    private static string Class(ClassModel model)
    {
        var construct = model.IsGeneric
            ? "null"
            : $"static construction => new {model.FullName}({string.Join(", ", model.Arguments)})";
        var dependencies = string.Join(", ", model.Dependencies.Select(static type => $"typeof({type})"));
        return $"typeof({model.OpenName}), {Symbols.Literal(model.GrainType)}, {construct}, "
            + $"new global::System.Type[] {{ {dependencies} }}";
    }
}
