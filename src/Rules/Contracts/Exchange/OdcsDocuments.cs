using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts.Exchange;

/// <summary>Documents of the Open Data Contract Standard 3.1.0: each object of <c>schema</c> is an event, its properties are the event's.</summary>
public static class OdcsDocuments
{
    private const string ApiVersion = "v3.1.0";

    // Options of a logical type that JSON Schema has by the same name.
    private static readonly string[] s_options =
    [
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "format",
    ];

    internal static ContractImport Read(JsonObject document)
    {
        List<ImportedContract> contracts = [];
        List<string> notes = [];
        SemanticVersion version = ContractImports.VersionOf(document["version"]);
        foreach (JsonObject schema in (document["schema"] as JsonArray ?? []).OfType<JsonObject>())
        {
            string name = ContractImports.TextOf(schema, "name") ?? "";
            var classes = ImmutableSortedDictionary.CreateBuilder<string, FieldClass>(StringComparer.Ordinal);
            JsonObject properties = ObjectOf(schema["properties"] as JsonArray, "properties", classes, notes, name);
            contracts.Add(
                new ImportedContract(EventKind.Track, name, version, properties)
                {
                    Description = ContractImports.TextOf(schema, "description"),
                    Status = StatusOf(ContractImports.TextOf(document, "status")),
                    Classes = classes.ToImmutable(),
                }
            );
            if (schema["quality"] is JsonArray { Count: > 0 })
            {
                notes.Add($"The quality rules of '{name}' have no place here.");
            }
        }

        return new ContractImport("odcs", [.. contracts], [.. notes]);
    }

    /// <summary>A document of one contract with one version.</summary>
    public static JsonObject Write(EventContract contract, ContractVersion version, DateTimeOffset now)
    {
        var schema = (JsonNode.Parse(version.SchemaJson) as JsonObject) ?? [];
        return new JsonObject
        {
            ["apiVersion"] = ApiVersion,
            ["kind"] = "DataContract",
            ["id"] = ContractsPolicyReader.IdOf(contract),
            ["version"] = version.Version.ToString(),
            ["status"] = ContractsPolicyReader.TextOf(version.StatusAt(now)),
            ["name"] = contract.Title,
            ["team"] = new JsonObject { ["name"] = contract.Owner.Team },
            ["support"] = new JsonArray(
                new JsonObject { ["channel"] = contract.Owner.Team, ["url"] = contract.Owner.Contact }
            ),
            ["schema"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = contract.Title,
                    ["logicalType"] = "object",
                    ["description"] = contract.Description,
                    ["properties"] = PropertiesOf(schema, version.Required, "properties", contract.Classes),
                }
            ),
        };
    }

    private static JsonObject ObjectOf(
        JsonArray? properties,
        string path,
        ImmutableSortedDictionary<string, FieldClass>.Builder classes,
        List<string> notes,
        string contract
    )
    {
        var members = new JsonObject();
        var required = new JsonArray();
        foreach (JsonObject property in (properties ?? []).OfType<JsonObject>())
        {
            string name = ContractImports.TextOf(property, "name") ?? "";
            members[name] = SchemaOf(property, $"{path}.{name}", classes, notes, contract);
            if (property["required"] is JsonValue value && value.TryGetValue(out bool isRequired) && isRequired)
            {
                required.Add(name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = members };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    private static JsonObject SchemaOf(
        JsonObject property,
        string path,
        ImmutableSortedDictionary<string, FieldClass>.Builder classes,
        List<string> notes,
        string contract
    )
    {
        if (ContractImports.TextOf(property, "classification") is { } classification)
        {
            if (FieldClasses.Of(classification) is { } of)
            {
                classes[path] = of;
            }
            else
            {
                notes.Add(
                    $"The classification '{classification}' of {path} in '{contract}' is no class of access.yaml."
                );
            }
        }

        string type = ContractImports.TextOf(property, "logicalType") ?? "";
        JsonObject schema =
            type == "object"
                ? ObjectOf(property["properties"] as JsonArray, path, classes, notes, contract)
                : new JsonObject();
        switch (type)
        {
            case "date" or "timestamp" or "time":
                schema["type"] = "string";
                break;
            case "string" or "number" or "integer" or "array" or "boolean":
                schema["type"] = type;
                break;
            default:
                break;
        }

        if (type == "array" && property["items"] is JsonObject items)
        {
            schema["items"] = SchemaOf(items, $"{path}[]", classes, notes, contract);
        }

        if (ContractImports.TextOf(property, "description") is { } description)
        {
            schema["description"] = description;
        }

        foreach (string option in s_options)
        {
            // A date's format is a pattern of Java's, which means nothing here.
            if (
                property["logicalTypeOptions"] is JsonObject options
                && options[option] is { } value
                && !(option == "format" && type is "date" or "timestamp" or "time")
            )
            {
                schema[option] = value.DeepClone();
            }
        }

        return schema;
    }

    private static JsonArray PropertiesOf(
        JsonObject schema,
        ImmutableArray<string> alsoRequired,
        string path,
        ImmutableSortedDictionary<string, FieldClass> classes
    )
    {
        var properties = new JsonArray();
        string[] required =
        [
            .. (schema["required"] as JsonArray ?? []).Select(one => one!.ToString()),
            .. alsoRequired,
        ];
        foreach ((string name, JsonNode? node) in schema["properties"] as JsonObject ?? [])
        {
            JsonObject property = PropertyOf(node as JsonObject ?? [], $"{path}.{name}", classes);
            property.Insert(0, "name", name);
            property["required"] = required.Contains(name, StringComparer.Ordinal);
            if (classes.TryGetValue($"{path}.{name}", out FieldClass of))
            {
                property["classification"] = FieldClasses.Text(of);
            }

            properties.Add(property);
        }

        return properties;
    }

    private static JsonObject PropertyOf(
        JsonObject schema,
        string path,
        ImmutableSortedDictionary<string, FieldClass> classes
    )
    {
        var property = new JsonObject();
        // One type: the standard knows no choice of several.
        string type = ContractImports.TextOf(schema, "type") ?? (schema["properties"] is null ? "string" : "object");
        property["logicalType"] = type;
        property["description"] = ContractImports.TextOf(schema, "description");
        var options = new JsonObject();
        foreach (string option in s_options)
        {
            if (schema[option] is { } value)
            {
                options[option] = value.DeepClone();
            }
        }

        if (options.Count > 0)
        {
            property["logicalTypeOptions"] = options;
        }

        if (type == "object")
        {
            property["properties"] = PropertiesOf(schema, [], path, classes);
        }

        if (type == "array" && schema["items"] is JsonObject items)
        {
            property["items"] = PropertyOf(items, $"{path}[]", classes);
        }

        return property;
    }

    private static ContractStatus StatusOf(string? status) =>
        status switch
        {
            "proposed" or "draft" => ContractStatus.Proposed,
            "deprecated" => ContractStatus.Deprecated,
            "retired" => ContractStatus.Retired,
            _ => ContractStatus.Active,
        };
}
