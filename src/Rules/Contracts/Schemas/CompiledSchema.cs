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

    /// <summary>True where the schema says itself which other members an object may have.</summary>
    public bool IsClosed => _root.IsClosed;

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

    /// <summary>How many members the object has that the schema does not name; 0 where it says itself what others may be.</summary>
    public int CountUndeclared(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || IsClosed)
        {
            return 0;
        }

        int count = 0;
        foreach (JsonProperty member in value.EnumerateObject())
        {
            count += _root.Declares(member) ? 0 : 1;
        }

        return count;
    }
}
