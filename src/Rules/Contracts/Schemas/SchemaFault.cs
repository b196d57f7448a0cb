using System.Collections.Immutable;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>What is wrong with a schema.</summary>
/// <param name="Pointer">Where, as a JSON pointer: <c>/properties/total/type</c>; empty: the whole.</param>
/// <param name="Message">One sentence.</param>
public readonly record struct SchemaFault(string Pointer, string Message);

/// <summary>A compiled schema, or all that is wrong with it.</summary>
/// <param name="Schema">Null after a fault.</param>
public sealed record SchemaReading(CompiledSchema? Schema, ImmutableArray<SchemaFault> Faults);

/// <summary>What a value does wrong.</summary>
/// <param name="Path">
/// Where, by the names that the schema says itself: <c>products[].price</c>. A name of the sender's is <c>*</c>, since it may hold a
/// person's data; empty: the value itself.
/// </param>
/// <param name="Kind">The keyword of JSON Schema: <c>required</c>, <c>type</c>, <c>enum</c>.</param>
public readonly record struct SchemaViolation(string Path, string Kind);

/// <summary>How much a schema may ask for. More is a mistake, or an attack on those who check by it.</summary>
public static class SchemaLimits
{
    /// <summary>Bytes of a schema's text.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>Levels to which a schema is nested.</summary>
    public const int DepthMax = 64;

    /// <summary>Schemas within a schema, those that it refers to among them.</summary>
    public const int NodesMax = 5_000;

    /// <summary>Schemas that one value is checked by; lists of unique items count each comparison.</summary>
    public const int StepsMax = 100_000;

    /// <summary>How deep one check may lead into the next: levels of the value times references.</summary>
    public const int NestingMax = 512;

    /// <summary>Violations that one value is told. Who has so many has one cause.</summary>
    public const int ViolationsMax = 20;

    /// <summary>Characters of a pattern.</summary>
    public const int PatternCharactersMax = 1_000;
}

/// <summary>A check would take more steps than <see cref="SchemaLimits"/> allow: nobody knows whether the value fits.</summary>
public sealed class SchemaTooCostlyException()
    : Exception("The check of a value by its schema takes more steps than the limit.");
