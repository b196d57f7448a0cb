extern alias JsonSchemaNet;

using System.Text.Json;
using Customer360.Rules.Contracts.Schemas;
using JsonSchemaNet::Json.Schema;
using Xunit.Abstractions;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>The required part of the official JSON Schema Test Suite, with its other documents and the meta-schemas registered.</summary>
public sealed class SchemaSuiteTests(ITestOutputHelper output)
{
    private static readonly string s_suite = Path.Combine(AppContext.BaseDirectory, "Contracts", "Suite");

    private static readonly Dictionary<string, JsonElement> s_registered = Registered();

    /// <summary>What of the suite contracts can't have, and why.</summary>
    private static readonly Dictionary<string, string> s_refused = new(StringComparer.Ordinal)
    {
        ["vocabulary.json"] = "A dialect of one's own ($schema with other vocabularies) is refused.",
    };

    [Theory]
    [InlineData("draft7", SchemaDialect.Draft7, 927, 927)]
    [InlineData("draft2020-12", SchemaDialect.Draft202012, 1_299, 1_294)]
    public void Suite_RequiredPart_Passes(string folder, SchemaDialect dialect, int all, int passing)
    {
        List<string> wrong = [];
        int count = 0;
        int refused = 0;
        foreach (
            string file in Directory
                .GetFiles(Path.Combine(s_suite, "tests", folder), "*.json")
                .Order(StringComparer.Ordinal)
        )
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonElement group in document.RootElement.EnumerateArray())
            {
                SchemaReading reading = CompiledSchema.Compile(group.GetProperty("schema"), s_registered, dialect);
                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                {
                    count++;
                    string name =
                        $"{Path.GetFileName(file)}: {group.GetProperty("description")}: {test.GetProperty("description")}";
                    if (reading.Schema is not { } schema)
                    {
                        refused++;
                        if (!s_refused.ContainsKey(Path.GetFileName(file)))
                        {
                            wrong.Add($"{name}: {string.Join(" ", reading.Faults)}");
                        }

                        continue;
                    }

                    JsonElement data = test.GetProperty("data");
                    bool valid = test.GetProperty("valid").GetBoolean();
                    if (schema.IsValid(data) != valid || schema.Violations(data).IsEmpty != valid)
                    {
                        wrong.Add(name);
                    }
                }
            }
        }

        output.WriteLine($"{folder}: {count - refused - wrong.Count} of {count}, {refused} refused");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal((all, passing), (count, count - refused));
    }

    private static Dictionary<string, JsonElement> Registered()
    {
        var registered = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        string folder = Path.Combine(s_suite, "remotes");
        foreach (string file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            registered[$"http://localhost:1234/{path}"] = Parse(File.ReadAllText(file));
        }

        foreach (
            JsonSchema meta in (JsonSchema[])
                [
                    MetaSchemas.Draft7,
                    MetaSchemas.Draft202012,
                    MetaSchemas.Core202012,
                    MetaSchemas.Applicator202012,
                    MetaSchemas.Unevaluated202012,
                    MetaSchemas.Validation202012,
                    MetaSchemas.Metadata202012,
                    MetaSchemas.FormatAnnotation202012,
                    MetaSchemas.Content202012,
                ]
        )
        {
            JsonElement root = JsonSerializer.SerializeToElement(meta);
            registered[root.GetProperty("$id").GetString()!.TrimEnd('#')] = root;
        }

        return registered;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
