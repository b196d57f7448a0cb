using System.Text.Json;
using Customer360.Rules.Events;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>What a batch lends to its messages.</summary>
public sealed class BatchTests
{
    private static MessageContext With(string context, string integrations = "{}") =>
        Context with
        {
            BatchContext = JsonDocument.Parse(context).RootElement,
            BatchIntegrations = JsonDocument.Parse(integrations).RootElement,
        };

    [Theory]
    [InlineData("""{"type":"page","userId":"u"}""", """{"ip":"1.1.1.1","os":{"name":"x"}}""")]
    [InlineData("""{"type":"page","userId":"u","context":null}""", """{"ip":"1.1.1.1","os":{"name":"x"}}""")]
    [InlineData(
        """{"type":"page","userId":"u","context":{"ip":"2.2.2.2"}}""",
        """{"os":{"name":"x"},"ip":"2.2.2.2"}"""
    )]
    [InlineData(
        """{"type":"page","userId":"u","context":{"os":{"v":1},"a":2}}""",
        """{"ip":"1.1.1.1","os":{"v":1},"a":2}"""
    )]
    [InlineData(
        """{"type":"page","userId":"u","context":{"a":1},"context":{"b":2}}""",
        """{"ip":"1.1.1.1","os":{"name":"x"},"b":2}"""
    )]
    public void Read_WhenBatchHasContext_PutsItUnderTheMessages(string message, string expected) =>
        Assert.Contains(
            $"\"context\":{expected}",
            Text(Accept(message, With("""{ "ip":"1.1.1.1", "os":{"name":"x"} }""")).Json),
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_WhenBatchHasIntegrations_PutsThemUnderTheMessages() =>
        Assert.Contains(
            """integrations":{"All":true,"Mixpanel":true}""",
            Text(
                Accept(
                    """{"type":"page","userId":"u","integrations":{"Mixpanel":true}}""",
                    With("{}", """{"All":true,"Mixpanel":false}""")
                ).Json
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_WhenBatchContextHasIdentifiers_TheyCount() =>
        Assert.Equal(
            ["email:j@x.com"],
            Identifiers(Accept("""{"type":"page"}""", With("""{"traits":{"email":"j@x.com"}}""")))
        );

    [Fact]
    public void Read_WhenBatchContextIsHuge_IsRefused() =>
        Assert.Equal(
            "message_too_large",
            Refuse("""{"type":"page","userId":"u"}""", With($$"""{"x":"{{new string('x', 33_000)}}"}""")).Code
        );

    [Fact]
    public void Read_WhenBatchContextIsNotStorable_IsRefused() =>
        Assert.Contains(
            "'context'",
            Refuse("""{"type":"page","userId":"u"}""", With("""{"x":"\u0000"}""")).Message,
            StringComparison.Ordinal
        );
}
