using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>What a batch lends to its messages.</summary>
public sealed class BatchTests
{
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
            Text(Accept(message, """{ "ip":"1.1.1.1", "os":{"name":"x"} }""").Json),
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_WhenBatchHasIntegrations_PutsThemUnderTheMessages() =>
        Assert.Contains(
            """integrations":{"All":true,"Mixpanel":true}""",
            Text(
                Accept(
                    """{"type":"page","userId":"u","integrations":{"Mixpanel":true}}""",
                    "{}",
                    """{"All":true,"Mixpanel":false}"""
                ).Json
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_WhenBatchContextHasIdentifiers_TheyCount() =>
        Assert.Equal(["email:j@x.com"], IdsOf(Accept("""{"type":"page"}""", """{"traits":{"email":"j@x.com"}}""")));

    [Fact]
    public void Read_WhenBatchContextIsHuge_IsRefused() =>
        Assert.Equal(
            "message_too_large",
            Refuse("""{"type":"page","userId":"u"}""", $$"""{"x":"{{new string('x', 33_000)}}"}""").Code
        );

    [Fact]
    public void Read_WhenBatchContextIsNotStorable_IsTakenWithoutThatAndSaysSo() =>
        Assert.Equal(
            ["context:not_storable"],
            LeftOut(Accept("""{"type":"page","userId":"u"}""", """{"x":"\u0000"}"""))
        );

    private static Envelope Accept(string message, string context, string integrations = "{}")
    {
        Outcome<Envelope> outcome = Read(message, context, integrations);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return outcome.Value;
    }

    private static Refusal Refuse(string message, string context)
    {
        Outcome<Envelope> outcome = Read(message, context, "{}");
        Assert.False(outcome.Succeeded);
        return outcome.Refusal;
    }

    private static Outcome<Envelope> Read(string message, string context, string integrations)
    {
        using SentBody body = SentBody.OfBatch(
            Encoding.UTF8.GetBytes(
                $$"""{"batch":[{{message}}],"context":{{context}},"integrations":{{integrations}}}"""
            )
        );
        return Reader.Read(body[0], Context);
    }
}
