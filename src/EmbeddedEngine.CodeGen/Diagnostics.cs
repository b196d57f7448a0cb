using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Customer360.EmbeddedEngine.CodeGen;

/// <summary>What the generator refuses. Everything it refuses, it names with a way out.</summary>
internal static class Diagnostics
{
    public const string GenericMethod = "C360G001";
    public const string ReturnType = "C360G002";
    public const string Inaccessible = "C360G003";
    public const string ByReference = "C360G004";
    public const string NotAMethod = "C360G005";
    public const string Constructor = "C360G006";
    public const string OneWayResult = "C360G007";

    private static readonly Dictionary<string, DiagnosticDescriptor> s_descriptors = new[]
    {
        Make(GenericMethod, "Grain method '{0}' has type parameters; make the interface generic instead"),
        Make(
            ReturnType,
            "Grain method '{0}' returns '{1}'; it must return Task, Task<T>, ValueTask, ValueTask<T>, IAsyncEnumerable<T>, or void with [OneWay]"
        ),
        Make(Inaccessible, "'{0}' is private or protected; generated code must be able to use it, so make it internal"),
        Make(ByReference, "Parameter '{1}' of grain method '{0}' is passed by reference; pass values"),
        Make(NotAMethod, "'{0}' is not a method; grain interfaces can only hold methods"),
        Make(Constructor, "Grain class '{0}' must have exactly one public constructor"),
        Make(OneWayResult, "Grain method '{0}' is [OneWay] and returns a result that nobody could wait for"),
    }.ToDictionary(static descriptor => descriptor.Id);

    public static Diagnostic Report(Problem problem)
    {
        var location =
            problem.FilePath.Length == 0
                ? Location.None
                : Location.Create(problem.FilePath, problem.Span, problem.Lines);
        return Diagnostic.Create(s_descriptors[problem.Id], location, problem.First, problem.Second);
    }

    private static DiagnosticDescriptor Make(string id, string message) =>
        new DiagnosticDescriptor(
            id,
            "Grain code that the engine does not support",
            message,
            "Customer360.EmbeddedEngine",
            DiagnosticSeverity.Error,
            isEnabledByDefault: true
        );
}
