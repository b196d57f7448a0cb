using Customer360.Rules.Events;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.FieldCases;

/// <summary>A value that names nobody is nobody's. Numbers are the rows of the field cases.</summary>
public sealed class PlaceholderTests
{
    // What else is written for none.
    [Theory]
    [InlineData("anonymousId")]
    [InlineData("[object Undefined]")]
    [InlineData("[object Null]")]
    [InlineData("[object HTMLInputElement]")]
    [InlineData("Null")]
    [InlineData("NONE")]
    [InlineData("nan")]
    [InlineData("undefined")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.0")]
    [InlineData("userId")]
    [InlineData("user_id")]
    [InlineData("messageId")]
    [InlineData("(not set)")]
    [InlineData("n/a")]
    [InlineData("#N/A")]
    [InlineData("\\N")]
    [InlineData("<nil>")]
    [InlineData("%!s(<nil>)")]
    [InlineData("Optional(nil)")]
    [InlineData("'null'")]
    [InlineData("\"undefined\"")]
    [InlineData("`none`")]
    [InlineData("\u201Cnull\u201D")]
    [InlineData("\"'null'\"")]
    [InlineData("undefined undefined")]
    [InlineData("{{user_id}}")]
    [InlineData("${user.id}")]
    [InlineData("%%USER_ID%%")]
    [InlineData("<%= id %>")]
    [InlineData("[none]")]
    [InlineData("(unknown)")]
    [InlineData("<user_id>")]
    [InlineData("%USER_ID%")]
    [InlineData("{0}")]
    [InlineData("[]")]
    [InlineData("ajs_user_id")]
    [InlineData("redacted")]
    [InlineData("unknown")]
    [InlineData("Guest")]
    [InlineData("true")]
    [InlineData("nu\u200Bll")]
    [InlineData(" \u00A0\u200B\uFEFF ")]
    [InlineData("\u3164")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("9774d56d682e549c")]
    [InlineData("02:00:00:00:00:00")]
    public void Id_WhenItNamesNobody_IsNone(string value)
    {
        string json = System.Text.Json.JsonSerializer.Serialize(value);
        Envelope envelope = Accept(
            $$"""
            {"type":"group","userId":{{json}},"anonymousId":{{json}},"groupId":{{json}},"messageId":{{json}},
             "context":{"device":{"id":{{json}},"token":{{json}},"advertisingId":{{json}},"adTrackingEnabled":true,"type":"android"},
              "externalIds":[{"id":{{json}},"type":"ios.id"},{"id":"a","type":"anonymous_id"}]},
             "integrations":{"Google Analytics":{"clientId":{{json}} } } }
            """
        );

        Assert.Equal(["anonymous_id:a"], IdsOf(envelope));
        Assert.Null(envelope.GroupId);
        Assert.StartsWith("derived-", envelope.MessageId, StringComparison.Ordinal);
        Assert.Null(Reader.Normalize("user_id", value));
        Assert.Null(Reader.NormalizeGroup(value));
        Assert.Null(MessageIds.Of(value));
        Assert.Equal("no_user_anon_id", Refuse($$"""{"type":"page","userId":{{json}},"anonymousId":{{json}}}""").Code);
    }

    [Theory]
    [InlineData("u1")]
    [InlineData("10")]
    [InlineData("nullable")]
    [InlineData("nana")]
    [InlineData("'jane'")]
    [InlineData("anonymous-4711")]
    [InlineData("{4f3c}")]
    [InlineData("guest42")]
    [InlineData("9774d56d682e549d")]
    [InlineData("#42")]
    [InlineData("(jane)")]
    [InlineData("0x1")]
    [InlineData("007")]
    [InlineData("-7")]
    public void Id_WhenOrdinary_Stays(string value) => Assert.NotNull(Reader.Normalize("user_id", value));

    [Theory]
    [InlineData("9774d56d682e549c")]
    [InlineData("9774D56D682E549C")]
    [InlineData("000000000000000")]
    [InlineData("unknown")]
    public void Device_WhenManyShareItsId_IsNoIdentifier(string id) =>
        Assert.Equal(
            ["anonymous_id:a"],
            IdsOf(
                Accept(
                    $$$"""{"type":"track","event":"e","anonymousId":"a","context":{"device":{"id":"{{{id}}}","type":"android"} } }"""
                )
            )
        );

    [Theory]
    [InlineData("\"undefined\"")]
    [InlineData("\"null\"")]
    [InlineData("\"0\"")]
    [InlineData("0")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"a\\ud800\"")]
    public void MessageId_WhenItNamesNothing_IsDerived(string id)
    {
        string Message(string name) => $$"""{"type":"track","userId":"u","messageId":{{id}},"event":"{{name}}"}""";

        Assert.NotEqual(
            Accept(Message("one")).MessageId,
            Accept(Message("other"), Context with { Index = 1 }).MessageId
        );
    }

    /// <summary>What is too long to be kept is still recognised when it comes again.</summary>
    [Fact]
    public void MessageId_WhenTooLong_IsItsHash()
    {
        string Message(int length) => $$"""{"type":"page","userId":"u","messageId":"{{new string('m', length)}}"}""";

        Assert.Equal(100, Accept(Message(100)).MessageId.Length);
        Envelope envelope = Accept(Message(101), Context);
        Assert.Matches("^long-[0-9a-f]{32}$", envelope.MessageId);
        Assert.Equal(["messageId:too_long"], LeftOut(envelope));
        Assert.Equal(envelope.MessageId, Accept(Message(101), Context with { RequestId = "again" }).MessageId);
        Assert.NotEqual(envelope.MessageId, Accept(Message(102)).MessageId);
        Assert.Equal(envelope.MessageId, MessageIds.Of(new string('m', 101)));
    }

    [Theory]
    [InlineData("track", "event")]
    [InlineData("page", "name")]
    [InlineData("screen", "name")]
    public void Properties_WhenTheyHoldAPhone_IdentifyNobody(string kind, string name) =>
        Assert.Equal(
            ["anonymous_id:a"],
            IdsOf(
                Accept(
                    $$$"""{"type":"{{{kind}}}","{{{name}}}":"Store Viewed","anonymousId":"a","properties":{"phone":"+14155550142"}}"""
                )
            )
        );

    [Theory]
    [InlineData("null@null.com")]
    [InlineData("undefined@undefined")]
    [InlineData("none@none.org")]
    [InlineData("noemail@noemail.com")]
    public void Email_WhenMadeOfPlaceholders_IsNone(string address) => Assert.Null(Reader.Normalize("email", address));

    [Theory]
    [InlineData("null@example.com")]
    [InlineData("guest@hotel.example")]
    public void Email_WhenOfARealDomain_Stays(string address) => Assert.NotNull(Reader.Normalize("email", address));

    /// <summary>A damaged character is not what tells two people from each other, nor what joins them.</summary>
    [Theory]
    [InlineData("u\\ud83d")]
    [InlineData("u\uFFFD")]
    [InlineData("u\\tv")]
    [InlineData("u\\u2028v")]
    public void Id_WhenDamaged_IsNone(string value) =>
        Assert.Equal(
            ["user_id:invalid_text"],
            Blocked(Accept($$"""{"type":"page","anonymousId":"a","userId":"{{value}}"}"""))
        );
}
