using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Customer360.EmbeddedEngine.CodeGen;

/// <summary>A diagnostic without a symbol or tree, so that it can be compared.</summary>
internal sealed record Problem(
    string Id,
    string FilePath,
    TextSpan Span,
    LinePositionSpan Lines,
    string First,
    string Second
)
{
    public static Problem At(string id, ISymbol symbol, string first, string second = "")
    {
        foreach (var location in symbol.Locations)
        {
            if (location.IsInSource)
            {
                return new Problem(
                    id,
                    location.SourceTree!.FilePath,
                    location.SourceSpan,
                    location.GetLineSpan().Span,
                    first,
                    second
                );
            }
        }

        return new Problem(id, string.Empty, default, default, first, second);
    }
}

/// <summary>How a grain method gives its result.</summary>
internal enum ReturnKind
{
    Void,
    Task,
    TaskOfResult,
    ValueTask,
    ValueTaskOfResult,
    AsyncEnumerable,
}

/// <summary>A parameter: its type as written in a signature, and as written in typeof.</summary>
internal sealed record ParameterModel(string Name, string Type, string BareType, bool IsCancellationToken);

/// <summary>A grain method.</summary>
internal sealed record MethodModel(
    string DeclaringInterface,
    string DeclaringName,
    string Name,
    string ReturnType,
    ReturnKind ReturnKind,
    string ResultType,
    EquatableArray<ParameterModel> Parameters,
    int Options,
    long TimeoutTicks
);

/// <summary>A grain interface.</summary>
/// <param name="FullName">With its type parameters, if it has any.</param>
/// <param name="OpenName">As it is written in typeof.</param>
/// <param name="ClassName">The name of the generated reference class, without type parameters.</param>
/// <param name="TypeParameters">For example "&lt;T&gt;", or nothing.</param>
/// <param name="Constraints">The type parameters' constraints, or nothing.</param>
/// <param name="OpenArity">For example "&lt;,&gt;", or nothing.</param>
internal sealed record InterfaceModel(
    string FullName,
    string OpenName,
    string WireName,
    string ClassName,
    string TypeParameters,
    string Constraints,
    string OpenArity,
    EquatableArray<MethodModel> Methods,
    EquatableArray<Problem> Problems
);

/// <summary>A grain class.</summary>
/// <param name="Arguments">The expressions that give its constructor's arguments.</param>
/// <param name="Dependencies">The types of the services among them.</param>
internal sealed record ClassModel(
    string FullName,
    string OpenName,
    string GrainType,
    bool IsGeneric,
    EquatableArray<string> Arguments,
    EquatableArray<string> Dependencies,
    EquatableArray<Problem> Problems
);
