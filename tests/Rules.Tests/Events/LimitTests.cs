using Customer360.Rules.Events;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>What no store and no reader can hold is refused; what they can stays as sent.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("""{"type":"track"}""", "invalid_field")]
    [InlineData("""{"type":"track","event":"","userId":"u"}""", "invalid_field")]
    [InlineData("""{"type":"track","event":"\u200B\u0000 ","userId":"u"}""", "invalid_field")]
    [InlineData("""{"type":"track","event":{},"userId":"u"}""", "invalid_field")]
    [InlineData("""{"type":"tracks","event":"x","userId":"u"}""", "unknown_type")]
    [InlineData("""{"userId":"u"}""", "unknown_type")]
    [InlineData("""{"type":7,"userId":"u"}""", "unknown_type")]
    [InlineData("[]", "invalid_message")]
    [InlineData("null", "invalid_message")]
    [InlineData("""{"type":"page"}""", "no_user_anon_id")]
    [InlineData("""{"type":"page","userId":"","anonymousId":"  "}""", "no_user_anon_id")]
    public void Read_WhenMessageIsNone_SaysWhy(string message, string code) => Assert.Equal(code, Refuse(message).Code);

    [Fact]
    public void Read_WhenThereIsNoMessage_IsRefused() =>
        Assert.Equal("invalid_message", Reader.Read(default, Context).Refusal?.Code);

    [Fact]
    public void Read_WhenMessageOver32Kilobytes_IsRefused()
    {
        string Message(int length) =>
            $$"""{"type":"page","userId":"u","properties":{"x":"{{new string('x', length)}}"} }""";
        int frame = Message(0).Length;

        Assert.Equal("message_too_large", Refuse(Message(32769 - frame)).Code);
        Accept(Message(32768 - frame));
    }

    [Theory]
    [InlineData("1e308")]
    [InlineData("1.50")]
    [InlineData("-0")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1E-300")]
    public void Read_WhenNumberFits_KeepsItsText(string number) =>
        Assert.Contains(
            $"\"n\":{number}",
            Text(Accept($$"""{"type":"page","userId":"u","properties":{"n":{{number}} } }""").Json),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"b":2,"a":3}""")]
    [InlineData("""{"a":1,"\u0061":2}""", """{"a":2}""")]
    [InlineData(
        """{"a":{"x":1,"x":2},"b":0,"a":{"y":[{"z":1,"z":2}],"y":[{"z":1,"z":3}]}}""",
        """{"b":0,"a":{"y":[{"z":3}]}}"""
    )]
    [InlineData("""{"a":1,"a":2,"a":3,"aa":4}""", """{"a":3,"aa":4}""")]
    [InlineData("""{ "" : 1 , "" : [ ] }""", """{"":[]}""")]
    [InlineData("""{"q":"\u0022\u005c\/\u0008\u001F\u00e9\ud83d\ude00"}""", """{"q":"\"\\/\b\u001fé😀"}""")]
    public void Read_WhenMessageIsRewritten_HasOneForm(string properties, string expected) =>
        Assert.Contains(
            $"\"properties\":{expected}}}",
            Text(Accept($$"""{"type":"page","userId":"u","properties":{{properties}} }""").Json),
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_WhenFieldIsRepeated_TakesTheLast() =>
        Assert.Equal(["user_id:u2"], IdsOf(Accept("""{"type":"page","userId":"u1","userId":"u2"}""")));

    [Fact]
    public void Read_WhenThousandTraits_KeepsAll()
    {
        string traits = string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"t{number}\":{number}"));
        Assert.Equal(1000, Accept($$"""{"type":"identify","userId":"u","traits":{ {{traits}} } }""").Traits.Length);
    }

    [Fact]
    public void Read_WhenNoMessageId_DerivesIt()
    {
        string Id(string message, MessageContext context) => Accept(message, context).MessageId;
        const string Message = """{"type":"page","userId":"u","messageId":""}""";
        string first = Id(Message, Context);

        Assert.Matches("^derived-[0-9a-f]{32}$", first);
        Assert.Equal(first, Id(" " + Message, Context));
        Assert.NotEqual(first, Id(Message, Context with { Index = 1 }));
        Assert.NotEqual(first, Id(Message, Context with { RequestId = "request-2" }));
        Assert.NotEqual(first, Id(Message, Context with { Source = "app" }));
        Assert.NotEqual(first, Id("""{"type":"page","userId":"v"}""", Context));
    }
}
