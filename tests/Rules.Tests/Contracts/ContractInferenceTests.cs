using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Exchange;
using Customer360.Rules.Contracts.Inference;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>Contracts that are proposed from what a source sent.</summary>
public sealed class ContractInferenceTests
{
    [Fact]
    public void Proposal_OfWhatWasSent_HasTypesPresenceChoicesAndNothingOfAPerson()
    {
        ContractImport proposal = Of(
            Enumerable
                .Range(0, 100)
                .Select(number =>
                    $$$"""
                    {"type":"track","event":"Bought","userId":"u{{{number % 40}}}","properties":{"total":{{{number}}}{{{(
                        number % 2 == 0 ? ".5" : ""
                    )}}},"quantity":{{{number}}},"plan":"{{{(number % 3 == 0 ? "free" : "pro")}}}",
                     "email":"jane.{{{number}}}@example.com","items":[{"sku":"a-{{{number}}}"}],"note":{{{(number % 2 == 0 ? "null" : "\"x y\"")}}}
                     {{{(number < 96 ? ",\"coupon\":true" : "")}}} {{{(number < 3 ? ",\"Jane Doe\":1" : "")}}}}}
                    """
                )
        );

        ImportedContract contract = Assert.Single(proposal.Contracts);
        Assert.Equal((EventKind.Track, "Bought"), (contract.Kind, contract.Name));
        JsonObject schema = contract.Schema;
        Assert.Equal(
            """["email","items","plan","quantity","total"]""",
            new JsonArray([
                .. schema["required"]!
                    .AsArray()
                    .Select(one => one!.ToString())
                    .Order(StringComparer.Ordinal)
                    .Select(one => (JsonNode)one),
            ]).ToJsonString()
        );
        Assert.Equal(["coupon"], contract.Recommended.AsEnumerable());
        JsonObject properties = schema["properties"]!.AsObject();
        Assert.Equal("number", properties["total"]!["type"]!.ToString());
        Assert.Equal("integer", properties["quantity"]!["type"]!.ToString());
        Assert.Equal("""["free","pro"]""", properties["plan"]!["enum"]!.ToJsonString());
        Assert.Equal("""["null","string"]""", properties["note"]!["type"]!.ToJsonString());
        Assert.Equal("string", properties["items"]!["items"]!["properties"]!["sku"]!["type"]!.ToString());
        Assert.Equal(
            """["aaaa.0@aaaaaaa.aaa","aaaa.00@aaaaaaa.aaa"]""",
            properties["email"]!["examples"]!.ToJsonString()
        );
        Assert.False(properties.ContainsKey("Jane Doe"));
        Assert.DoesNotContain("jane", proposal.ToYaml("shop", "#shop"), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What one person says two hundred times may be her name.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Choice_IsWhatSeveralPeopleSay(int people, bool isChoice)
    {
        ContractImport proposal = Of(
            Enumerable
                .Range(0, 200)
                .Select(number =>
                    $$$"""{"type":"track","event":"Called","userId":"u{{{number % people}}}","properties":{"agent":"Solo Person"}}"""
                )
        );

        JsonObject agent = Assert.Single(proposal.Contracts).Schema["properties"]!["agent"]!.AsObject();
        Assert.Equal(isChoice, agent.ContainsKey("enum"));
        Assert.Equal(isChoice, agent.ToJsonString().Contains("Solo", StringComparison.Ordinal));
    }

    [Fact]
    public void Proposal_IsKeptByAllThatItWasMadeOf()
    {
        string[] messages =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(number =>
                    number % 2 == 0
                        ? $$$"""{"type":"track","event":"Bought","properties":{"a":{{{number}}},"b":{"c":["{{{number % 3}}}",null]},"d":"{{{number % 2}}}"}}"""
                        : $$$$"""{"type":"identify","traits":{"age":{{{{number}}}}.25,"plan":null,"address":{"city":"x{{{{number}}}}"}}}"""
                ),
        ];

        ContractsPolicy policy = PolicyOf(Of(messages));

        foreach (string message in messages)
        {
            using var document = JsonDocument.Parse(message);
            bool isTrack = message.Contains("track", StringComparison.Ordinal);
            EventContract contract = policy.Find(isTrack ? EventKind.Track : EventKind.Identify, "Bought", "web")!;
            Assert.True(
                contract
                    .Versions[0]
                    .Schema.IsValid(document.RootElement.GetProperty(isTrack ? "properties" : "traits")),
                message
            );
        }
    }

    [Fact]
    public void Proposal_OfRareNamesAndMadeUpMembers_LeavesThemOutAndSaysSo()
    {
        ContractImport proposal = Of([
            .. Enumerable.Range(0, 4).Select(number => """{"type":"track","event":"Hello Jane","properties":{}}"""),
            .. Enumerable
                .Range(0, 300)
                .Select(number => $$$$"""{"type":"track","event":"Seen","properties":{"p{{{{number}}}}":1}}"""),
            """{"type":"alias","userId":"u"}""",
        ]);

        ImportedContract contract = Assert.Single(proposal.Contracts);
        Assert.Equal("Seen", contract.Name);
        Assert.Empty(contract.Schema["properties"]!.AsObject());
        Assert.Contains(proposal.Notes, note => note.Contains("1 names of events", StringComparison.Ordinal));
        Assert.Contains(proposal.Notes, note => note.Contains("making names up", StringComparison.Ordinal));
    }

    [Fact]
    public void Proposal_OfFewMessages_RequiresNothing()
    {
        ContractImport proposal = Of(
            Enumerable.Repeat("""{"type":"track","event":"Seen","properties":{"a":"x"}}""", 19)
        );

        Assert.False(Assert.Single(proposal.Contracts).Schema.ContainsKey("required"));
        Assert.Empty(proposal.Contracts[0].Recommended);
    }

    [Fact]
    public void Proposal_FromTheLog_PassesOverWhatIsHeld()
    {
        var inference = new ContractInference();
        for (int number = 0; number < 20; number++)
        {
            inference.Add(
                Logged.Message("""{"type":"track","event":"Bought","userId":"u-1","properties":{"total":1}}""")
            );
        }

        inference.Add(Logged.Held("""{"type":"track","event":"Bought","userId":"u-1","properties":{"total":"x"}}"""));

        ImportedContract contract = Assert.Single(inference.Propose("web").Contracts);
        Assert.Equal("integer", contract.Schema["properties"]!["total"]!["type"]!.ToString());
        Assert.Equal("web", contract.Source);
        Assert.Equal(["web"], PolicyOf(inference.Propose("web")).Contracts[0].Sources.AsEnumerable());
    }

    [Fact]
    public void Proposal_FromTheLog_TellsOfWhatCanNotBeRead_AndTakesOneSourceAlone()
    {
        var inference = new ContractInference();
        for (int number = 0; number < 6; number++)
        {
            inference.Add(
                Logged.Message("""{"type":"track","event":"Bought","userId":"u-1","properties":{"total":1}}""").Json,
                number < 5 ? null : "another"
            );
        }

        inference.Add("{}"u8.ToArray(), source: null);

        ContractImport proposal = inference.Propose(source: null);
        Assert.Single(proposal.Contracts);
        Assert.Contains("5 messages were looked at.", proposal.Notes);
        Assert.Contains(proposal.Notes, note => note.StartsWith("1 messages can't be read", StringComparison.Ordinal));
    }

    private static ContractImport Of(IEnumerable<string> messages)
    {
        var inference = new ContractInference();
        foreach (string message in messages)
        {
            using var document = JsonDocument.Parse(message);
            inference.Add(document.RootElement);
        }

        return inference.Propose(source: null);
    }

    private static ContractsPolicy PolicyOf(ContractImport import)
    {
        PolicyReading<ContractsPolicy> reading = new ContractsPolicyKind().ReadFile(
            import.ToYaml("shop", "#shop"),
            SmallYaml.Instance
        );
        Assert.True(reading.IsValid, string.Join('\n', reading.Faults));
        return reading.Body!.Base;
    }
}
