using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Tests.Events;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>Messages as they are read where there are contracts.</summary>
public sealed class JudgedMessageTests
{
    private const string Contract = """
        owner: {team: data, contact: data}
        modes: {violations: MODE, unplannedEvents: PLAN, unplannedProperties: allow}
        sources:
          calm: {violations: observe}
          strict:
            unplannedProperties: quarantine
            events: {Bought: {violations: refuse}}
        contracts:
          - name: Bought
            identifiers: [user_id]
            versions:
              - {version: 2.0.0, schema: {required: [total], properties: {total: {type: number}}}}
              - {version: 1.0.0, deprecatedOn: 2026-11-01, schema: {required: [sum], properties: {sum: {type: string}}}}
              - {version: 3.0.0, status: proposed, schema: {required: [amount]}}
          - type: identify
            versions: [{version: 1.0.0, recommended: [plan], schema: {properties: {age: {type: integer}}}}]
        """;

    [Theory]
    [InlineData("""{"total":12.5}""", "allow 2.0.0")]
    [InlineData("""{"sum":"12.5"}""", "allow 1.0.0 deprecated")]
    [InlineData("""{"total":"12.5"}""", "quarantine 2.0.0 properties.total type")]
    [InlineData("""{"amount":1}""", "quarantine 2.0.0 properties.total required")]
    [InlineData("{}", "quarantine 2.0.0 properties.total required")]
    public void Read_OfAnEventWithoutAVersion_IsJudgedByTheNewestThatFits(string properties, string expected) =>
        Assert.Equal(expected, Shown(Accept(Message(properties))));

    [Theory]
    [InlineData("1", """{"sum":"1"}""", "allow 1.0.0 deprecated")]
    [InlineData("\"1.0.0\"", """{"total":1}""", "quarantine 1.0.0 deprecated properties.sum required")]
    [InlineData("2", """{"sum":"1"}""", "quarantine 2.0.0 properties.total required")]
    [InlineData("7", """{"total":1}""", "quarantine 2.0.0 unknown_version")]
    [InlineData("3", """{"total":1}""", "quarantine 2.0.0 unknown_version")]
    [InlineData("{}", """{"total":1}""", "quarantine 2.0.0 unknown_version")]
    public void Read_OfAnEventThatNamesItsVersion_IsJudgedByThat(string version, string properties, string expected)
    {
        string context = $$$""","context":{"protocols":{"event_version":{{{version}}}}}""";

        Assert.Equal(expected, Shown(Accept(Message(properties, context))));
    }

    [Fact]
    public void Read_OfAMessageThatMustCarryAnIdentifierAndDoesNot_Violates()
    {
        Envelope envelope = Accept(Message("""{"total":1}""", user: """ "anonymousId":"a-1" """));

        Assert.Equal("quarantine 2.0.0 identifier_missing", Shown(envelope));
    }

    [Fact]
    public void Read_WhereTheModeRefuses_IsRefusedWithPathsAndNoValues()
    {
        Outcome<Envelope> outcome = Read(Message("""{"total":"jane@x.com"}"""), source: "strict");

        var refusal = Assert.IsType<ContractViolated>(outcome.Refusal);
        Assert.Equal("The message does not keep its contract: properties.total type.", refusal.Message);
        Assert.Equal("contract_violated", refusal.Code);
    }

    [Theory]
    [InlineData("calm", """{"total":"x"}""", "observe 2.0.0 properties.total type")]
    [InlineData("strict", """{"total":1,"jane@x.com":2}""", "quarantine 2.0.0 properties.* unplanned_property")]
    [InlineData("web", """{"total":1,"extra":2}""", "allow 2.0.0")]
    public void Read_ByTheModesOfItsSource_IsDoneWithAsTheySay(string source, string properties, string expected) =>
        Assert.Equal(expected, Shown(Read(Message(properties), source: source).Value!));

    [Theory]
    [InlineData("""{"total":1}""", "allow 1.0.0")]
    [InlineData("""{"total":1,"jane@x.com":2}""", "quarantine 1.0.0 properties.* unplanned_property")]
    [InlineData("""{"total":"x"}""", "quarantine 1.0.0 properties.total type")]
    public void Read_OfAWholeMessage_LooksForWhatIsUnplannedAmongItsProperties(string properties, string expected)
    {
        // As an imported tracking plan has it: about the whole message, of which it names the parts alone.
        string yaml = """
            owner: {team: data, contact: data}
            modes: {violations: quarantine, unplannedEvents: allow, unplannedProperties: quarantine}
            contracts:
              - name: Bought
                covers: message
                versions:
                  - version: 1.0.0
                    schema:
                      allOf:
                        - {properties: {context: {type: object}}}
                        - {properties: {properties: {properties: {total: {type: number}}}}}
            """;
        using SentBody body = Messages.Sent(Message(properties));

        Assert.Equal(expected, Shown(Reader(yaml).Read(body[0], Messages.Context).Value!));
    }

    [Theory]
    [InlineData("allow", "")]
    [InlineData("annotate", "annotate unplanned_event")]
    [InlineData("quarantine", "quarantine unplanned_event")]
    public void Read_OfAnEventThatNobodyHasPlanned_IsDoneWithAsThePolicySays(string plan, string expected)
    {
        Envelope envelope = Read("""{"type":"track","event":"Sold","userId":"u-1"}""", plan: plan).Value!;

        Assert.Equal(expected, Shown(envelope));
    }

    [Fact]
    public void Read_OfTraits_TellsWhatIsRecommendedAndDoesNothing()
    {
        Envelope envelope = Accept("""{"type":"identify","userId":"u-1","traits":{"age":7}}""");

        Assert.Equal("allow 1.0.0 traits.plan recommended", Shown(envelope));
    }

    [Fact]
    public void Envelope_OfAJudgedMessage_ComesBackFromTheLogWithItsJudgement()
    {
        Envelope envelope = Accept(Message("""{"total":"x"}"""));

        Envelope again = EnvelopeReader.FromJson(envelope.Json);

        Assert.Equal(envelope.Contract, again.Contract);
        Assert.True(again.IsHeld);
        Assert.Equal(again.MessageId, again.LogId);
    }

    [Fact]
    public void Read_OfAMessageThatForbidsSomething_IsTakenInWhateverItLooksLike()
    {
        string denied = ""","context":{"consent":{"categoryPreferences":{"ads":false}}}""";

        Envelope envelope = Accept(Message("""{"total":"x"}""", denied));

        Assert.Contains(envelope.Consent!.Clauses, clause => clause.Status == ConsentStatus.Denied);
        Assert.Equal("annotate 2.0.0 properties.total type", Shown(envelope));
        Assert.False(envelope.IsHeld);
    }

    [Fact]
    public void Release_AfterTheContractWasAmended_KeepsIdTimesAndSource()
    {
        Envelope held = Accept(Message("""{"total":"x"}"""));
        EnvelopeReader amended = Reader(
            Contract.Replace("total: {type: number}", "total: {}", StringComparison.Ordinal)
        );

        Envelope released = amended.Release(held, partition: 3, position: 17).Value!;

        Assert.False(released.IsHeld);
        Assert.Equal(
            (held.MessageId, held.Timestamp, held.ReceivedAt, held.Source, held.Anchor),
            (released.MessageId, released.Timestamp, released.ReceivedAt, released.Source, released.Anchor)
        );
        Assert.NotEqual(released.MessageId, released.LogId);
        Assert.Equal(MessageIds.OfReleased(3, 17), released.LogId);
        Assert.Equal(released.Contract, EnvelopeReader.FromJson(released.Json).Contract);
    }

    [Fact]
    public void Release_WhileTheContractIsTheSame_IsRefused()
    {
        Envelope held = Accept(Message("""{"total":"x"}"""));

        Assert.IsType<ContractViolated>(Reader(Contract).Release(held, 3, 17).Refusal);
    }

    [Fact]
    public void LogId_OfAReleasedMessage_IsOneThatNoSenderCanWrite()
    {
        string id = MessageIds.OfReleased(3, 17);

        Assert.NotEqual(id, MessageIds.Of(id));
    }

    private static Envelope Accept(string message)
    {
        Outcome<Envelope> outcome = Read(message);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return outcome.Value;
    }

    private static Outcome<Envelope> Read(string message, string source = "web", string plan = "allow")
    {
        using SentBody body = Messages.Sent(message);
        return Reader(Contract, plan).Read(body[0], Messages.Context with { Source = source });
    }

    private static EnvelopeReader Reader(string yaml, string plan = "allow") =>
        Logged.Reader(
            yaml.Replace("MODE", "quarantine", StringComparison.Ordinal).Replace("PLAN", plan, StringComparison.Ordinal)
        );

    private static string Message(string properties, string context = "", string user = """ "userId":"u-1" """) =>
        $$"""{"type":"track","event":"Bought","messageId":"m-1",{{user}},"properties":{{properties}}{{context}}}""";

    private static string Shown(Envelope envelope) =>
        envelope.Contract is not { } judgement
            ? ""
            : string.Join(
                ' ',
                new[]
                {
                    ContractModeNames.Text(judgement.Mode),
                    judgement.Version ?? "",
                    judgement.IsDeprecated ? "deprecated" : "",
                }
                    .Concat(judgement.Violations.SelectMany(one => new[] { one.Path, one.Kind }))
                    .Where(part => part.Length > 0)
            );
}
