namespace Customer360.Rules.Contracts.Schemas;

/// <summary>The versions of JSON Schema that contracts may be written in.</summary>
public enum SchemaDialect
{
    Draft7 = 7,
    Draft202012 = 2020,
}

/// <summary>Their names in <c>$schema</c>.</summary>
internal static class SchemaDialects
{
    public const string Known = "https://json-schema.org/draft/2020-12/schema, http://json-schema.org/draft-07/schema#";

    public static SchemaDialect? Of(string uri) =>
        uri.TrimEnd('#') switch
        {
            "https://json-schema.org/draft/2020-12/schema" => SchemaDialect.Draft202012,
            "http://json-schema.org/draft-07/schema" or "https://json-schema.org/draft-07/schema" =>
                SchemaDialect.Draft7,
            _ => null,
        };
}
