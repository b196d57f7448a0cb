using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>The types of JSON Schema, as they may be allowed together.</summary>
[Flags]
internal enum SchemaTypes
{
    Any = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    Number = 16,
    Integer = 32,
    String = 64,
}

/// <summary>A part of a schema with its own identifier, and the places in it that a caller may override.</summary>
internal sealed class SchemaResource(string uri)
{
    public string Uri { get; } = uri;

    public Dictionary<string, SchemaNode> DynamicAnchors { get; } = new(StringComparer.Ordinal);
}

/// <summary>One compiled schema; what it does not say is null. Filled by <see cref="SchemaCompiler"/> and never changed then.</summary>
internal sealed class SchemaNode(SchemaResource resource, string pointer)
{
    public SchemaResource Resource { get; } = resource;

    /// <summary>Where it stands, for faults.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>A schema that is <c>true</c> or <c>false</c>; null: an object.</summary>
    public bool? Always { get; set; }

    public SchemaTypes Types { get; set; }

    /// <summary>The choices that are no texts; null: there is no choice.</summary>
    public ImmutableArray<JsonElement>? Enum { get; set; }

    /// <summary>The choices that are texts, which may be thousands: one look finds each.</summary>
    public FrozenSet<string> EnumTexts { get; set; } = [];
    public JsonElement? Const { get; set; }

    public SchemaNumber? MultipleOf { get; set; }
    public SchemaNumber? Minimum { get; set; }
    public SchemaNumber? ExclusiveMinimum { get; set; }
    public SchemaNumber? Maximum { get; set; }
    public SchemaNumber? ExclusiveMaximum { get; set; }

    public int? MinLength { get; set; }
    public int? MaxLength { get; set; }
    public Regex? Pattern { get; set; }

    public SchemaNode[]? PrefixItems { get; set; }
    public SchemaNode? Items { get; set; }
    public SchemaNode? Contains { get; set; }
    public int MinContains { get; set; } = 1;
    public int? MaxContains { get; set; }
    public int? MinItems { get; set; }
    public int? MaxItems { get; set; }
    public bool UniqueItems { get; set; }
    public SchemaNode? UnevaluatedItems { get; set; }

    /// <summary>The members that <see cref="Properties"/>, required and dependent ones name.</summary>
    public SchemaNames? Names { get; set; }
    public string[] NamesText { get; set; } = [];

    /// <summary>By place in <see cref="Names"/>; null: the name is named elsewhere only.</summary>
    public SchemaNode?[] Properties { get; set; } = [];
    public int[] Required { get; set; } = [];
    public (int If, int[] Then)[] DependentRequired { get; set; } = [];
    public (int If, SchemaNode Then)[] DependentSchemas { get; set; } = [];
    public (Regex Pattern, SchemaNode Schema)[] PatternProperties { get; set; } = [];
    public SchemaNode? AdditionalProperties { get; set; }
    public SchemaNode? PropertyNames { get; set; }
    public int? MinProperties { get; set; }
    public int? MaxProperties { get; set; }
    public SchemaNode? UnevaluatedProperties { get; set; }

    public SchemaNode? Ref { get; set; }
    public SchemaNode? DynamicRef { get; set; }

    /// <summary>Where whoever refers here may override the target: its name.</summary>
    public string? DynamicName { get; set; }
    public SchemaNode[] AllOf { get; set; } = [];
    public SchemaNode[]? AnyOf { get; set; }
    public SchemaNode[]? OneOf { get; set; }
    public SchemaNode? Not { get; set; }
    public SchemaNode? If { get; set; }
    public SchemaNode? Then { get; set; }
    public SchemaNode? Else { get; set; }

    public bool HasUnevaluated => UnevaluatedProperties is not null || UnevaluatedItems is not null;

    public bool ConcernsObjects =>
        Names is not null
        || PatternProperties.Length > 0
        || AdditionalProperties is not null
        || PropertyNames is not null
        || MinProperties is not null
        || MaxProperties is not null;

    public bool ConcernsArrays =>
        PrefixItems is not null
        || Items is not null
        || Contains is not null
        || MinItems is not null
        || MaxItems is not null
        || UniqueItems;

    public bool ConcernsNumbers =>
        MultipleOf is not null
        || Minimum is not null
        || Maximum is not null
        || ExclusiveMinimum is not null
        || ExclusiveMaximum is not null;

    /// <summary>Schemas that the same value must meet, or may: what refers in a circle here never ends.</summary>
    public IEnumerable<SchemaNode> InPlace()
    {
        IEnumerable<SchemaNode?> all =
        [
            Ref,
            DynamicRef,
            .. AllOf,
            .. AnyOf ?? [],
            .. OneOf ?? [],
            Not,
            If,
            Then,
            Else,
            .. DependentSchemas.Select(one => one.Then),
        ];
        return all.OfType<SchemaNode>();
    }
}
