using System.Text.Json;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Compatibility;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>What a new version breaks, leniently and strictly read.</summary>
public sealed class CompatibilityTests
{
    [Theory]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"properties":{"a":{"type":"number"}}}""", "")]
    [InlineData(
        """{"properties":{"a":{"type":"number"}}}""",
        """{"properties":{"a":{"type":"integer"}}}""",
        "a type_narrowed"
    )]
    [InlineData("{}", """{"required":["a"]}""", "a required_added")]
    [InlineData("""{"required":["a"]}""", "{}", "")]
    [InlineData("{}", """{"properties":{"a":{"type":"string"}}}""", "(a property_added)")]
    [InlineData("{}", """{"properties":{"a":{"description":"new"}}}""", "")]
    [InlineData(
        """{"additionalProperties":false}""",
        """{"additionalProperties":false,"properties":{"a":{"type":"string"}}}""",
        ""
    )]
    [InlineData(
        """{"properties":{"a":{}},"additionalProperties":false}""",
        """{"additionalProperties":false}""",
        "a property_removed"
    )]
    [InlineData("""{"properties":{"a":{}}}""", "{}", "")]
    [InlineData("{}", """{"additionalProperties":false}""", "* closed")]
    [InlineData("""{"enum":[1,2]}""", """{"enum":[1,2,3]}""", "")]
    [InlineData("""{"enum":[1,2]}""", """{"enum":[1]}""", "enum_narrowed")]
    [InlineData("""{"maxLength":5}""", """{"maxLength":9}""", "")]
    [InlineData("""{"minimum":1}""", """{"minimum":2}""", "minimum_narrowed")]
    [InlineData("{}", """{"minimum":0}""", "minimum_narrowed")]
    [InlineData("{}", """{"minLength":0}""", "")]
    [InlineData("{}", """{"pattern":"^a"}""", "pattern_added")]
    [InlineData("""{"items":{"type":"string"}}""", """{"items":{"type":["string","null"]}}""", "")]
    [InlineData(
        """{"items":{"type":"string"}}""",
        """{"items":{"type":"string","minLength":1}}""",
        "[] minLength_narrowed"
    )]
    [InlineData("""{"allOf":[{"type":"string"}]}""", "{}", "")]
    [InlineData("{}", """{"allOf":[{"type":"string"}]}""", "allOf_changed")]
    [InlineData(
        """{"prefixItems":[{}],"items":{"type":"string"}}""",
        """{"items":{"type":"string"}}""",
        "prefixItems_changed"
    )]
    public void Between_OfTwoSchemas_SaysWhatOldValuesMayNotKeep(string before, string next, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                '|',
                SchemaCompatibility
                    .Between(Json(before), Json(next))
                    .Select(one =>
                        one.IsStrictOnly ? $"({one.Path} {one.Change})" : $"{one.Path} {one.Change}".TrimStart()
                    )
            )
        );

    [Fact]
    public void Read_OfAVersionWhoseNumberPromisesTooMuch_WarnsAndAllowsIt()
    {
        PolicyReading<ContractsPolicy> reading = new ContractsPolicyKind().ReadFile(
            """
            owner: {team: data, contact: data}
            contracts:
              - name: Bought
                versions:
                  - {version: 1.0.0, schema: {properties: {total: {type: number}}}}
                  - {version: 1.1.0, schema: {properties: {total: {type: number}, coupon: {type: string}}}}
                  - {version: 1.2.0, required: [coupon], schema: {properties: {total: {type: integer}}}}
                  - {version: 2.0.0, schema: {properties: {total: {type: string}}}}
            examples: [{input: {name: Bought}, expect: {version: 2.0.0}}]
            """,
            SmallYaml.Instance
        );

        Assert.Empty(reading.Faults);
        Assert.Equal(
            "line 3, contracts[0].versions.1.2.0: It may not take messages that 1.1.0 took (total type_narrowed, coupon required_added), "
                + "so its number should be 2.0.0.",
            Assert.Single(reading.Warnings).ToString()
        );
        EventContract contract = reading.Body!.Base.Contracts[0];
        ContractBreak strict = Assert.Single(ContractCompatibility.BreaksOf(contract, contract.Versions[2]));
        Assert.True(strict.Break.IsStrictOnly);
    }

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
