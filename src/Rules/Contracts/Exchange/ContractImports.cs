using System.Text.Json.Nodes;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts.Exchange;

/// <summary>
/// Reads the files of other tools as they are: a Segment tracking plan (as its Public API, its Config API or Typewriter write it), a
/// RudderStack tracking plan, an Iglu schema, an Open Data Contract Standard document.
/// </summary>
public static class ContractImports
{
    private const string Draft7 = "http://json-schema.org/draft-07/schema#";

    // Not deprecated, as Segment writes it.
    private const string ZeroTime = "0001-01-01";

    public static ContractImport Read(JsonObject file)
    {
        JsonObject plan = file["data"] as JsonObject ?? file;
        return plan switch
        {
            _ when TextOf(file, "kind") == "DataContract" => OdcsDocuments.Read(file),
            _ when file["self"] is JsonObject self => Iglu(file, self),
            _ when plan["events"] is JsonArray events => RudderStack(events),
            _ when plan["rules"] is JsonArray rules => SegmentRules(rules),
            _ when plan["rules"] is JsonObject rules => SegmentConfig(rules),
            _ => new ContractImport(null, [], ["The file is no tracking plan, Iglu schema or data contract."]),
        };
    }

    internal static string? TextOf(JsonObject of, string name) =>
        of[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A version of one number, or of three: <c>2</c>, <c>1-0-2</c>, <c>1.0.2</c>.</summary>
    internal static SemanticVersion VersionOf(JsonNode? version)
    {
        string text = version?.ToString() ?? "";
        return SemanticVersion.Parse(text.Replace('-', '.')) ?? SemanticVersion.Parse($"{text}.0.0") ?? new(1, 0, 0);
    }

    /// <summary>Public API and Typewriter 8, which takes out what is around the properties and marks that it did.</summary>
    private static ContractImport SegmentRules(JsonArray rules)
    {
        List<ImportedContract> contracts = [];
        List<string> notes = [];
        JsonObject[] common =
        [
            .. rules
                .OfType<JsonObject>()
                .Where(rule => TextOf(rule, "type") == "COMMON")
                .Select(rule => rule["jsonSchema"])
                .OfType<JsonObject>(),
        ];
        foreach (JsonObject rule in rules.OfType<JsonObject>())
        {
            string type = TextOf(rule, "type") ?? "";
            if (type == "COMMON")
            {
                continue;
            }

            string key = TextOf(rule, "key") ?? "";
            if (KindOf(type) is not { } kind || rule["jsonSchema"] is not JsonObject schema)
            {
                notes.Add($"The rule '{key}' of the type '{type}' has no place here.");
                continue;
            }

            var metadata = schema["eventMetadata"] as JsonObject;
            bool isWhole = metadata is null;
            string deprecated = TextOf(rule, "deprecatedAt") ?? ZeroTime;
            contracts.Add(
                new ImportedContract(
                    kind,
                    NameOf(kind, metadata is null ? key : TextOf(metadata, "name") ?? key),
                    VersionOf(rule["version"]),
                    isWhole ? WithCommon(schema, common) : Clean(schema, "eventMetadata")
                )
                {
                    Description = TextOf(schema, "description"),
                    Covers = isWhole ? ContractCover.Message : ContractCover.Part,
                    Status = deprecated.StartsWith(ZeroTime, StringComparison.Ordinal)
                        ? ContractStatus.Active
                        : ContractStatus.Deprecated,
                }
            );
        }

        if (common.Length > 0)
        {
            notes.Add("The common rules were put into each contract; calls without one are not checked by them.");
        }

        return new ContractImport("segment", [.. contracts], [.. notes]);
    }

    /// <summary>Config API: <c>{global, identify, group, events: [{name, description, version, rules}]}</c>.</summary>
    private static ContractImport SegmentConfig(JsonObject rules)
    {
        List<ImportedContract> contracts = [];
        JsonObject[] common = rules["global"] is JsonObject { Count: > 0 } global ? [global] : [];
        foreach (
            (string name, EventKind kind) in ((string, EventKind)[])
                [("identify", EventKind.Identify), ("group", EventKind.Group)]
        )
        {
            if (rules[name] is JsonObject { Count: > 0 } schema)
            {
                contracts.Add(
                    new ImportedContract(kind, null, new(1, 0, 0), WithCommon(schema, common))
                    {
                        Covers = ContractCover.Message,
                    }
                );
            }
        }

        foreach (JsonObject one in (rules["events"] as JsonArray ?? []).OfType<JsonObject>())
        {
            contracts.Add(
                new ImportedContract(
                    EventKind.Track,
                    TextOf(one, "name") ?? "",
                    VersionOf(one["version"]),
                    WithCommon(one["rules"] as JsonObject ?? [], common)
                )
                {
                    Description = TextOf(one, "description"),
                    Covers = ContractCover.Message,
                }
            );
        }

        return new ContractImport("segment", [.. contracts], []);
    }

    /// <summary><c>events: [{name, description, eventType, rules}]</c>, each about the whole message.</summary>
    private static ContractImport RudderStack(JsonArray events)
    {
        List<ImportedContract> contracts = [];
        List<string> notes = [];
        foreach (JsonObject one in events.OfType<JsonObject>())
        {
            string type = TextOf(one, "eventType") ?? "track";
            string name = TextOf(one, "name") ?? "";
            if (KindOf(type) is not { } kind)
            {
                notes.Add($"The event '{name}' of the type '{type}' has no place here.");
                continue;
            }

            contracts.Add(
                new ImportedContract(
                    kind,
                    NameOf(kind, name),
                    VersionOf(one["version"]),
                    WithCommon(one["rules"] as JsonObject ?? [], [])
                )
                {
                    Description = TextOf(one, "description"),
                    Covers = ContractCover.Message,
                }
            );
        }

        return new ContractImport("rudderstack", [.. contracts], [.. notes]);
    }

    /// <summary>A self-describing schema of Snowplow's registry: SchemaVer <c>MODEL-REVISION-ADDITION</c>.</summary>
    private static ContractImport Iglu(JsonObject schema, JsonObject self) =>
        new(
            "iglu",
            [
                new ImportedContract(
                    EventKind.Track,
                    TextOf(self, "name") ?? "",
                    VersionOf(self["version"]),
                    Clean(schema, "self", "$supersedes", "$supersededBy")
                )
                {
                    Description = TextOf(schema, "description"),
                },
            ],
            []
        );

    private static EventKind? KindOf(string type) => ContractsPolicyReader.KindOf(type.ToLowerInvariant());

    /// <summary>Of an identify or group call there is one contract, whatever it is called there.</summary>
    private static string? NameOf(EventKind kind, string name) =>
        kind == EventKind.Track || (name.Length > 0 && kind is EventKind.Page or EventKind.Screen) ? name : null;

    private static JsonObject WithCommon(JsonObject schema, JsonObject[] common) =>
        common.Length == 0
            ? Clean(schema)
            : new JsonObject
            {
                ["$schema"] = Draft7,
                ["allOf"] = new JsonArray([Clean(schema), .. common.Select(one => Clean(one))]),
            };

    /// <summary>A copy in the dialect that all these tools mean, without words of theirs.</summary>
    private static JsonObject Clean(JsonObject schema, params string[] without)
    {
        var clean = (JsonObject)schema.DeepClone();
        foreach (string name in without)
        {
            clean.Remove(name);
        }

        // Draft 4 by habit, an address of Iglu's own, or nothing: what stands there is draft 7.
        clean.Remove("$schema");
        clean.Insert(0, "$schema", Draft7);
        return clean;
    }
}
