extern alias JsonSchemaNet;

using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Contracts.Compatibility;
using Customer360.Rules.Contracts.Schemas;
using FsCheck;
using FsCheck.Fluent;
using JsonSchemaNet::Json.Schema;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>Of any schema and any value our check says what JsonSchema.Net says.</summary>
public sealed class SchemaProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(400);

    private static readonly Gen<string> s_scalar = Gen.Elements(
        "null",
        "true",
        "false",
        "0",
        "1",
        "1.0",
        "1.5",
        "-3",
        "1e2",
        "100",
        "\"\"",
        "\"a\"",
        "\"ab\"",
        "\"ä€\"",
        "\"😀\"",
        "\"12\""
    );

    private static readonly Gen<string> s_name = Gen.Elements("a", "b", "ab", "total");

    private static readonly Gen<string> s_value = Gen.Sized(size => Value(Math.Min(size, 4)));

    private static readonly Gen<string> s_schema = Gen.Sized(size => Schema(Math.Min(size, 5)));

    [Fact]
    public void IsValid_OfAnyValueByAnySchema_IsWhatTheLibrarySays() =>
        Prop.ForAll(
                Gen.Zip(s_schema, s_value.ArrayOf(6)).ToArbitrary(),
                pair =>
                {
                    (string text, string[] values) = pair;
                    SchemaReading reading = CompiledSchema.Compile(Json(text));
                    Assert.Empty(reading.Faults);
                    JsonSchema library = JsonSchema.FromText(
                        text,
                        new BuildOptions { SchemaRegistry = new SchemaRegistry() }
                    );
                    foreach (string value in values)
                    {
                        JsonElement json = Json(value);
                        bool expected = library.Evaluate(json).IsValid;
                        Assert.True(
                            reading.Schema!.IsValid(json) == expected,
                            $"The library says {expected} of {value} by {text}"
                        );
                        Assert.True(
                            reading.Schema.Violations(json).IsEmpty == expected,
                            $"Violations of {value} by {text}"
                        );
                    }
                }
            )
            .Check(s_many);

    [Fact]
    public void Between_WhereNothingBreaksStrictly_OldValuesKeepTheNewSchema()
    {
        int compatible = 0;
        Prop.ForAll(
                Gen.Zip(Gen.Zip(s_schema, Gen.Choose(0, 10_000)), s_value.ArrayOf(10)).ToArbitrary(),
                pair =>
                {
                    ((string before, int seed), string[] values) = pair;
                    string next = Changed(before, seed);
                    if (next == before || !SchemaCompatibility.Between(Json(before), Json(next)).IsEmpty)
                    {
                        return;
                    }

                    compatible++;
                    CompiledSchema old = CompiledSchema.Compile(Json(before)).Schema!;
                    CompiledSchema now = CompiledSchema.Compile(Json(next)).Schema!;
                    foreach (string value in values.Where(one => old.IsValid(Json(one))))
                    {
                        Assert.True(now.IsValid(Json(value)), $"{value} keeps {before} and not {next}");
                    }
                }
            )
            .Check(s_many.WithMaxTest(2_000));
        Assert.True(compatible > 50, $"{compatible} pairs were compatible.");
    }

    /// <summary>The schema with one of its words taken out, or one of its numbers changed.</summary>
    private static string Changed(string schema, int seed)
    {
        var root = JsonNode.Parse(schema);
        List<(JsonObject Of, string Name)> words = [];
        Collect(root, words);
        if (words.Count == 0)
        {
            return schema;
        }

        (JsonObject of, string name) = words[seed % words.Count];
        if (seed % 2 == 0 && of[name]!.GetValueKind() == JsonValueKind.Number)
        {
            of[name] = of[name]!.GetValue<decimal>() + (seed % 3) + 1;
        }
        else
        {
            of.Remove(name);
        }

        return root!.ToJsonString();
    }

    private static void Collect(JsonNode? node, List<(JsonObject Of, string Name)> words)
    {
        foreach ((string name, JsonNode? member) in node as JsonObject ?? [])
        {
            if (member is not null)
            {
                words.Add(((JsonObject)node!, name));
            }

            Collect(member, words);
        }

        foreach (JsonNode? item in node as JsonArray ?? [])
        {
            Collect(item, words);
        }
    }

    private static Gen<string> Value(int depth) =>
        depth <= 0
            ? s_scalar
            : Gen.Frequency(
                (3, s_scalar),
                (
                    2,
                    Gen.Zip(s_name, Value(depth - 1))
                        .ListOf()
                        .Select(members =>
                            "{"
                            + string.Join(
                                ',',
                                members.DistinctBy(one => one.Item1).Select(one => $"\"{one.Item1}\":{one.Item2}")
                            )
                            + "}"
                        )
                ),
                (2, Value(depth - 1).ListOf().Select(items => $"[{string.Join(',', items.Take(5))}]"))
            );

    private static Gen<string> Schema(int depth)
    {
        Gen<string> simple = Gen.OneOf(
            Gen.Elements("null", "boolean", "object", "array", "number", "integer", "string")
                .Select(type => $"\"type\":\"{type}\""),
            Gen.Constant("\"type\":[\"string\",\"integer\"]"),
            s_scalar.ListOf(3).Select(items => $"\"enum\":[{string.Join(',', items)}]"),
            s_value.Select(value => $"\"const\":{value}"),
            Gen.Zip(
                    Gen.Elements("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
                    Gen.Elements("0", "1", "1.0", "99.5")
                )
                .Select(pair => $"\"{pair.Item1}\":{pair.Item2}"),
            Gen.Elements("1", "0.5", "3").Select(step => $"\"multipleOf\":{step}"),
            Gen.Zip(
                    Gen.Elements(
                        "minLength",
                        "maxLength",
                        "minItems",
                        "maxItems",
                        "minProperties",
                        "maxProperties",
                        "minContains",
                        "maxContains"
                    ),
                    Gen.Elements(0, 1, 2)
                )
                .Select(pair => $"\"{pair.Item1}\":{pair.Item2}"),
            Gen.Elements("^a", "b$", "^[0-9]+$").Select(pattern => $"\"pattern\":\"{pattern}\""),
            s_name.ListOf(2).Select(names => $"\"required\":[{Names(names)}]"),
            Gen.Zip(s_name, s_name).Select(pair => $"\"dependentRequired\":{{\"{pair.Item1}\":[\"{pair.Item2}\"]}}"),
            Gen.Constant("\"uniqueItems\":true")
        );
        if (depth <= 0)
        {
            return Gen.OneOf(Gen.Elements("true", "false", "{}"), simple.Select(one => $"{{{one}}}"));
        }

        Gen<string> below = Schema(depth - 2);
        Gen<string> one = Gen.OneOf(
            Gen.Zip(s_name, below)
                .ListOf(3)
                .Select(members =>
                    $"\"properties\":{{{string.Join(',', members.DistinctBy(one => one.Item1).Select(one => $"\"{one.Item1}\":{one.Item2}"))}}}"
                ),
            Gen.Zip(Gen.Elements("^a", "b"), below)
                .Select(pair => $"\"patternProperties\":{{\"{pair.Item1}\":{pair.Item2}}}"),
            Gen.Zip(s_name, below).Select(pair => $"\"dependentSchemas\":{{\"{pair.Item1}\":{pair.Item2}}}"),
            Gen.Zip(
                    Gen.Elements(
                        "additionalProperties",
                        "unevaluatedProperties",
                        "unevaluatedItems",
                        "items",
                        "contains",
                        "not",
                        "if",
                        "then",
                        "else",
                        "propertyNames"
                    ),
                    below
                )
                .Select(pair => $"\"{pair.Item1}\":{pair.Item2}"),
            Gen.Zip(Gen.Elements("allOf", "anyOf", "oneOf", "prefixItems"), below.ListOf(2))
                .Select(pair => $"\"{pair.Item1}\":[{string.Join(',', pair.Item2)}]"),
            simple
        );
        return one.ListOf(3)
            .Select(members =>
                "{"
                + string.Join(
                    ',',
                    members.DistinctBy(member => member[..member.IndexOf(':', StringComparison.Ordinal)])
                )
                + "}"
            );
    }

    private static string Names(IEnumerable<string> names) =>
        string.Join(',', names.Distinct(StringComparer.Ordinal).Select(name => $"\"{name}\""));

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
