using System.Text.Json.Nodes;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Exchange;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>Files of other tools, as they write them.</summary>
public sealed class ContractExchangeTests
{
    private const string PublicApi = """
        {"data":{"rules":[
          {"type":"TRACK","key":"Order Completed","version":1,"createdAt":"2024-01-01T00:00:00.000Z","deprecatedAt":"0001-01-01T00:00:00.000Z",
           "jsonSchema":{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","labels":{},"description":"It's paid.",
             "properties":{"context":{},"traits":{},"properties":{"type":"object","required":["total"],
               "properties":{"total":{"id":"/properties/properties/properties/total","type":["number"]}}}}}},
          {"type":"TRACK","key":"Order Completed","version":2,"deprecatedAt":"2024-06-01T00:00:00.000Z",
           "jsonSchema":{"properties":{"properties":{"required":["sum"]}}}},
          {"type":"IDENTIFY","key":"","version":1,"jsonSchema":{"properties":{"traits":{"properties":{"age":{"type":"integer"}}}}}},
          {"type":"COMMON","key":null,"version":1,"jsonSchema":{"required":["context"]}},
          {"type":"ALIAS","key":"x","version":1,"jsonSchema":{}}
        ],"pagination":{"current":"MA=="}}}
        """;

    private const string Typewriter = """
        {"id":"rs_1","name":"Web","resourceSchemaId":"rs_1","rules":[
          {"type":"TRACK","key":"Order Completed","version":3,
           "jsonSchema":{"type":"object","required":["total"],"properties":{"total":{"type":"number"}},
             "eventMetadata":{"name":"Order Completed#","type":"TRACK"}}}]}
        """;

    private const string ConfigApi = """
        {"name":"workspaces/w/tracking-plans/rs_1","display_name":"Web","rules":{"global":{},
          "identify":{"properties":{"traits":{"required":["email"]}}},"group":{},
          "events":[{"name":"Order Completed","description":"Paid","version":1,
            "rules":{"properties":{"properties":{"required":["total"]}}}}]}}
        """;

    private const string RudderStack = """
        {"id":"tp_1","name":"Shop","events":[{"id":"ev_1","name":"Order Completed","eventType":"track","identitySection":"",
          "rules":{"$schema":"","type":"object","properties":{"properties":{"type":"object","required":["total"],"additionalProperties":false,
            "properties":{"total":{"type":"number"}}}}}}]}
        """;

    private const string Iglu = """
        {"$schema":"http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
         "self":{"vendor":"com.acme","name":"order_completed","format":"jsonschema","version":"1-0-2"},"$supersedes":["1-0-1"],
         "type":"object","properties":{"total":{"type":"number","maximum":10000}},"required":["total"],"additionalProperties":false}
        """;

    private const string Odcs = """
        {"apiVersion":"v3.1.0","kind":"DataContract","id":"53581432","version":"1.1.0","status":"active","schema":[
          {"name":"Order Completed","description":"Paid.","properties":[
            {"name":"order_id","logicalType":"string","required":true,"logicalTypeOptions":{"minLength":1,"pattern":"^o-"}},
            {"name":"at","logicalType":"date","logicalTypeOptions":{"format":"yyyy-MM-dd"}},
            {"name":"email","logicalType":"string","classification":"personal"},
            {"name":"lines","logicalType":"array","items":{"logicalType":"object","properties":[{"name":"price","logicalType":"number","required":true}]}}
          ],"quality":[{"type":"sql"}]}]}
        """;

    [Theory]
    [InlineData(
        PublicApi,
        "segment",
        """{"properties":{"total":1},"context":{}}""",
        "Order Completed 2.0.0 deprecated|Order Completed 1.0.0|identify 1.0.0"
    )]
    [InlineData(Typewriter, "segment", """{"total":1}""", "Order Completed# 3.0.0")]
    [InlineData(ConfigApi, "segment", """{"properties":{"total":1}}""", "Order Completed 1.0.0|identify 1.0.0")]
    [InlineData(RudderStack, "rudderstack", """{"properties":{"total":1}}""", "Order Completed 1.0.0")]
    [InlineData(Iglu, "iglu", """{"total":1}""", "order_completed 1.0.2")]
    [InlineData(Odcs, "odcs", """{"order_id":"o-1","lines":[{"price":1}]}""", "Order Completed 1.1.0")]
    public void Read_OfAFile_IsAValidPolicyThatTakesWhatTheToolTook(
        string file,
        string format,
        string value,
        string expected
    )
    {
        ContractImport import = ContractImports.Read(JsonNode.Parse(file)!.AsObject());

        Assert.Equal(format, import.Format);
        ContractsPolicy policy = Policy(import);
        Assert.Equal(
            expected,
            string.Join(
                '|',
                policy
                    .Contracts.OrderBy(one => one.Title, StringComparer.OrdinalIgnoreCase)
                    .Reverse()
                    .SelectMany(contract =>
                        contract.Versions.Select(version =>
                            $"{contract.Title} {version.Version}{(version.Status == ContractStatus.Active ? "" : " deprecated")}"
                        )
                    )
            )
        );
        EventContract order = policy.Contracts.Single(one => one.Name is not null);
        ContractVersion oldest = order.Versions[^1];
        using var document = System.Text.Json.JsonDocument.Parse(value);
        Assert.Empty(oldest.Schema.Violations(document.RootElement));
        using var nothing = System.Text.Json.JsonDocument.Parse("""{"properties":{},"context":{}}""");
        Assert.NotEmpty(oldest.Schema.Violations(nothing.RootElement));
    }

    [Fact]
    public void Read_OfWhatHasNoPlaceHere_SaysSo()
    {
        Assert.Equal(
            [
                "The rule 'x' of the type 'ALIAS' has no place here.",
                "The common rules were put into each contract; calls without one are not checked by them.",
            ],
            ContractImports.Read(JsonNode.Parse(PublicApi)!.AsObject()).Notes.AsEnumerable()
        );
        Assert.Equal(
            ["The quality rules of 'Order Completed' have no place here."],
            ContractImports.Read(JsonNode.Parse(Odcs)!.AsObject()).Notes.AsEnumerable()
        );
        Assert.Null(ContractImports.Read([]).Format);
    }

    [Fact]
    public void Write_ForSegment_ComesBackAsItWent()
    {
        ContractsPolicy policy = Policy(ContractImports.Read(JsonNode.Parse(Odcs)!.AsObject()));

        JsonObject written = SegmentPlans.Write(policy);

        JsonNode rule = Assert.Single(written["rules"]!.AsArray())!;
        Assert.Equal("TRACK", rule["type"]!.GetValue<string>());
        ContractsPolicy again = Policy(ContractImports.Read(written));
        Assert.Equal(ContractCover.Message, again.Contracts[0].Covers);
        using var good = System.Text.Json.JsonDocument.Parse("""{"properties":{"order_id":"o-1"}}""");
        using var bad = System.Text.Json.JsonDocument.Parse("""{"properties":{"order_id":"1"}}""");
        Assert.True(again.Contracts[0].Versions[0].Schema.IsValid(good.RootElement));
        Assert.False(again.Contracts[0].Versions[0].Schema.IsValid(bad.RootElement));
    }

    [Fact]
    public void Write_ForTheStandard_ComesBackAsItWent()
    {
        ContractsPolicy policy = Policy(ContractImports.Read(JsonNode.Parse(Odcs)!.AsObject()));
        EventContract contract = policy.Contracts[0];

        JsonObject written = OdcsDocuments.Write(
            contract,
            contract.Versions[0],
            new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero)
        );

        Assert.Equal("active", written["status"]!.GetValue<string>());
        EventContract again = Policy(ContractImports.Read(written)).Contracts[0];
        Assert.Equal(contract.Versions[0].SchemaJson, again.Versions[0].SchemaJson);
        Assert.Equal(contract.Classes, again.Classes);
        Assert.Equal(contract.Versions[0].Version, again.Versions[0].Version);
    }

    private static ContractsPolicy Policy(ContractImport import)
    {
        PolicyReading<ContractsPolicy> reading = new ContractsPolicyKind().ReadFile(
            import.ToYaml("data", "data@example.com"),
            SmallYaml.Instance
        );
        Assert.Empty(reading.Faults);
        return reading.Body!.Base;
    }
}
