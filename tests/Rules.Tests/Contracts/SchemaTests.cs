using System.Text.Json;
using Customer360.Rules.Contracts.Schemas;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>What a schema may not ask for, and what is told of a value.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("""{"pattern":"^(a+)\\1$"}""", "/pattern", "linear time")]
    [InlineData("""{"pattern":"(?=x)"}""", "/pattern", "linear time")]
    [InlineData("""{"pattern":"("}""", "/pattern", "no pattern")]
    [InlineData(
        """{"properties":{"a":{"$ref":"https://example.com/other"}}}""",
        "/properties/a/$ref",
        "nothing is fetched"
    )]
    [InlineData("""{"$ref":"#/$defs/missing"}""", "/$ref", "nothing is fetched")]
    [InlineData("""{"$ref":"#"}""", "", "refers to itself")]
    [InlineData(
        """{"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"$ref":"#/$defs/a"}}}""",
        "",
        "refers to itself"
    )]
    [InlineData("""{"type":"text"}""", "/type", "must be null, boolean")]
    [InlineData("""{"minimum":"1"}""", "/minimum", "must be a number")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf", "greater than 0")]
    [InlineData("""{"required":"a"}""", "/required", "list of texts")]
    [InlineData("""{"properties":{"a":1}}""", "/properties/a", "an object, true or false")]
    [InlineData("""{"minLength":-1}""", "/minLength", "0 or more")]
    [InlineData("""{"$schema":"https://example.com/dialect"}""", "/$schema", "dialect is not known")]
    [InlineData("""{"maximum":1e99999}""", "/maximum", "too large")]
    public void Compile_OfWhatCannotBeChecked_SaysWhereAndWhy(string schema, string pointer, string words)
    {
        SchemaReading reading = CompiledSchema.Compile(Json(schema));

        Assert.Null(reading.Schema);
        Assert.Contains(
            reading.Faults,
            fault =>
                (pointer.Length == 0 || fault.Pointer == pointer)
                && fault.Message.Contains(words, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Compile_OfASchemaThatIsNestedTooDeep_IsRefused()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"not\":", 70)) + "{}" + new string('}', 70);

        SchemaReading reading = CompiledSchema.Compile(Json(deep));

        Assert.Contains(reading.Faults, fault => fault.Message.Contains("nested over 64", StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_OfTooManySchemas_IsRefused()
    {
        string many = string.Join(',', Enumerable.Range(0, 6_000).Select(number => $"\"p{number}\":{{}}"));

        SchemaReading reading = CompiledSchema.Compile(Json($$$"""{"properties":{ {{{many}}} }}"""));

        Assert.Contains(reading.Faults, fault => fault.Message.Contains("over 5000 schemas", StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_OfAChainOfReferences_EndsBeforeTheStackDoes()
    {
        string chain = string.Join(
            ',',
            Enumerable.Range(0, 3_000).Select(number => $"\"d{number}\":{{\"$ref\":\"#/$defs/d{number + 1}\"}}")
        );

        SchemaReading reading = CompiledSchema.Compile(
            Json($$$"""{"$ref":"#/$defs/d0","$defs":{ {{{chain}}},"d3000":true}}""")
        );

        Assert.Contains(
            reading.Faults,
            fault => fault.Message.Contains("references lead on", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void IsValid_OfWhatTakesTooManySteps_IsGivenUp()
    {
        string kinds = string.Join(
            ',',
            Enumerable.Range(0, 100).Select(number => $$$"""{"maximum":{{{number + 10_000}}}}""")
        );
        CompiledSchema schema = Compile($$$"""{"items":{"allOf":[{{{kinds}}}]}}""");
        string list = string.Join(',', Enumerable.Range(0, 3_000));

        Assert.Throws<SchemaTooCostlyException>(() => schema.IsValid(Json($"[{list}]")));
    }

    [Theory]
    [InlineData("""{"a":"x","b":1}""", "")]
    [InlineData("""{"b":1}""", "a required")]
    [InlineData("""{"a":1,"b":1}""", "a type")]
    [InlineData("""{"a":"x","b":0}""", "b minimum")]
    [InlineData("""{"a":"x","b":0.5}""", "b minimum|b type")]
    [InlineData("""{"a":"x","list":[{"c":"no"},{"c":2},{}]}""", "list[].c required|list[].c type")]
    [InlineData("""{"a":"x","jane@x.com":1}""", "* additionalProperties")]
    [InlineData("""{"a":"x","by":{"jane@x.com":1}}""", "by.* type")]
    [InlineData("""{"a":"x","either":{}}""", "either anyOf")]
    [InlineData("""{"a":"x","text":"12x"}""", "text pattern")]
    [InlineData("[]", "type")]
    public void Violations_OfAValue_NamePathsOfTheSchemaAndKindsButNeverWhatWasSent(string value, string expected)
    {
        CompiledSchema schema = Compile(
            """
            {
              "type": "object",
              "required": ["a"],
              "additionalProperties": false,
              "properties": {
                "a": {"type": "string"},
                "b": {"type": "integer", "minimum": 1},
                "list": {"items": {"required": ["c"], "properties": {"c": {"type": "integer"}}}},
                "by": {"additionalProperties": {"type": "string"}},
                "either": {"anyOf": [{"type": "string"}, {"required": ["x"]}]},
                "text": {"pattern": "^\\d+$"}
              }
            }
            """
        );

        IEnumerable<string> found = schema.Violations(Json(value)).Select(one => $"{one.Path} {one.Kind}".TrimStart());

        Assert.Equal(expected, string.Join('|', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Check_OfLongListsAndChoices_IsNotGivenUp()
    {
        string items = string.Join(',', Enumerable.Range(0, 3_000).Select(number => $"\"sku {number}\""));
        CompiledSchema schema = Compile($$$"""{"uniqueItems":true,"items":{"enum":[{{{items}}}]}}""");

        Assert.True(schema.IsValid(Json($"[{items}]")));
        Assert.False(schema.IsValid(Json($"[{items},\"sku 7\"]")));
        Assert.False(schema.IsValid(Json("[\"none\"]")));
    }

    [Theory]
    [InlineData("[1,2,3]", true)]
    [InlineData("[1,2,1.0]", false)]
    [InlineData("[1,2,1e0]", false)]
    [InlineData("[1e300,1e301]", true)]
    [InlineData("[{\"a\":1},{\"a\":1.0}]", false)]
    [InlineData("[1,\"1\",true,null]", true)]
    public void UniqueItems_ComparesByValue(string list, bool isValid) =>
        Assert.Equal(isValid, Compile("""{"uniqueItems":true}""").IsValid(Json(list)));

    [Theory]
    [InlineData("""{"properties":{"a":{}}}""", 1)]
    [InlineData("""{"properties":{"a":{}},"patternProperties":{"^b":{}}}""", 0)]
    [InlineData("""{"allOf":[{"properties":{"b":{}}}],"required":["a"]}""", 0)]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""", 0)]
    [InlineData("{}", 2)]
    [InlineData("""{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"a":{},"b":{"$ref":"#/$defs/n"}}}}}""", 0)]
    public void CountUndeclared_OfAnObject_CountsWhatTheSchemaDoesNotName(string schema, int expected) =>
        Assert.Equal(expected, Compile(schema).Declared().CountOthers(Json("""{"a":1,"b":2}""")));

    [Theory]
    [InlineData("^\\d$", "٣", false)]
    [InlineData("^\\w$", "ä", false)]
    [InlineData("a$", "a\n", false)]
    [InlineData("^a.b$", "a\u2028b", false)]
    [InlineData("^[[]$", "[", true)]
    [InlineData("^[a-z-[x]$", "[", true)]
    [InlineData("^\\p{Letter}+$", "é", true)]
    [InlineData("b", "abc", true)]
    public void Pattern_OfEcma_MeansWhatItMeansThere(string pattern, string text, bool fits)
    {
        CompiledSchema schema = Compile(JsonSerializer.Serialize(new { pattern }));

        Assert.Equal(fits, schema.IsValid(JsonSerializer.SerializeToElement(text)));
    }

    private static CompiledSchema Compile(string schema)
    {
        SchemaReading reading = CompiledSchema.Compile(Json(schema));
        Assert.Empty(reading.Faults);
        return reading.Schema!;
    }

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 200 });
        return document.RootElement.Clone();
    }
}
