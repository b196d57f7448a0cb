using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>
/// A JSON Schema (2020-12 or draft-07) that values are checked by. Immutable and thread-safe. <c>format</c> and <c>content…</c> are
/// notes, as in both specifications.
/// </summary>
/// <remarks>
/// Checks every keyword of the two, references and dynamic ones among them, by the official suite. What is not registered can't be
/// referred to, and a dialect other than the two is refused.
/// </remarks>
public sealed class CompiledSchema
{
    private static readonly ImmutableDictionary<string, JsonElement> s_none = ImmutableDictionary<
        string,
        JsonElement
    >.Empty;

    private readonly SchemaNode _root;
    private readonly bool _isDynamic;

    internal CompiledSchema(SchemaNode root, bool isDynamic) => (_root, _isDynamic) = (root, isDynamic);

    /// <param name="schema">Kept for as long as the compiled schema: not of a document that is disposed.</param>
    /// <param name="registered">Documents that it may refer to, by their absolute addresses; null: none.</param>
    /// <param name="dialect">Where <c>$schema</c> names none.</param>
    public static SchemaReading Compile(
        JsonElement schema,
        IReadOnlyDictionary<string, JsonElement>? registered = null,
        SchemaDialect dialect = SchemaDialect.Draft202012
    ) => new SchemaCompiler(registered ?? s_none).Compile(schema, dialect);

    /// <exception cref="SchemaTooCostlyException">Nobody knows: the check was given up.</exception>
    public bool IsValid(JsonElement value) => new SchemaCheck(_isDynamic, violations: null).Check(_root, value);

    /// <summary>What the value does wrong, each once; empty where it fits.</summary>
    /// <exception cref="SchemaTooCostlyException">Nobody knows: the check was given up.</exception>
    public ImmutableArray<SchemaViolation> Violations(JsonElement value)
    {
        if (IsValid(value))
        {
            return [];
        }

        List<SchemaViolation> violations = [];
        new SchemaCheck(_isDynamic, violations).Check(_root, value);
        return [.. violations.Distinct().Take(SchemaLimits.ViolationsMax)];
    }

    /// <summary>Which members it names of the objects that it is about.</summary>
    public DeclaredMembers Declared() => DeclaredMembers.Of(_root);

    /// <summary>Which members it names of the objects that stand under a member: a contract of whole messages says so of its properties.</summary>
    public DeclaredMembers DeclaredBelow(string member) => DeclaredMembers.Below(_root, member);
}
