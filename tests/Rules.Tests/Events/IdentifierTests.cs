using Customer360.Rules.Events;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Events;

/// <summary>Which identifiers a message has.</summary>
public sealed class IdentifierTests
{
    [Fact]
    public void Read_WhenAlias_TakesPreviousIdAsAnonymousId()
    {
        Envelope envelope = Accept("""{"type":"alias","userId":"u1","previousId":"old"}""");
        Assert.Equal(["user_id:u1", "anonymous_id:old"], IdsOf(envelope));
    }

    [Fact]
    public void Read_WhenGroup_KeepsAccountTraitsFromPerson()
    {
        Envelope envelope = Accept(
            """{"type":"group","userId":"u1","groupId":"acme","traits":{"email":"info@acme.com"},"context":{"traits":{"email":"jane@acme.com","plan":"x"}}}"""
        );

        Assert.Equal("acme", envelope.GroupId);
        Assert.Equal(["user_id:u1", "email:jane@acme.com"], IdsOf(envelope));
        Assert.Equal(["email"], envelope.GroupTraits.Select(trait => trait.Name));
        Assert.Empty(envelope.Traits);
    }

    [Theory]
    [InlineData("""{"type":"group","userId":"u1"}""")]
    [InlineData("""{"type":"group","userId":"u1","groupId":"  "}""")]
    [InlineData("""{"type":"group","userId":"u1","groupId":{}}""", "groupId:wrong_type")]
    public void Read_WhenGroupWithoutGroupId_IsTakenWithoutAccount(string message, params string[] leftOut)
    {
        Envelope envelope = Accept(message);

        Assert.Null(envelope.GroupId);
        Assert.Equal(leftOut, LeftOut(envelope));
    }

    [Fact]
    public void Read_WhenGroupIdOver500Characters_BlocksIt()
    {
        Envelope envelope = Accept($$"""{"type":"group","userId":"u1","groupId":"{{new string('g', 501)}}"}""");

        Assert.Null(envelope.GroupId);
        Assert.Equal(["group_id:too_long"], Blocked(envelope));
    }

    [Fact]
    public void Read_WhenGroupIdIsPlaceholder_BlocksIt()
    {
        Envelope envelope = Accept("""{"type":"group","userId":"u1","groupId":"undefined"}""");
        Assert.Null(envelope.GroupId);
        Assert.Equal(["group_id:illegal_value"], Blocked(envelope));
    }

    [Fact]
    public void Read_WhenTrackHasContextGroupId_AttributesIt()
    {
        Envelope envelope = Accept("""{"type":"track","event":"x","userId":"u1","context":{"groupId":"acme"}}""");
        Assert.Equal("acme", envelope.GroupId);
    }

    [Fact]
    public void Read_WhenValuesAreBlocked_SaysWhichAndWhy()
    {
        Envelope envelope = Accept(
            """{"type":"identify","userId":"'Undefined'","anonymousId":"a1","traits":{"email":"nowhere","phone":"123"}}"""
        );

        Assert.Equal(["anonymous_id:a1"], IdsOf(envelope));
        Assert.Equal(["user_id:illegal_value", "email:invalid_email", "phone:invalid_phone"], Blocked(envelope));
        Assert.Contains(
            """blocked":[{"type":"user_id","reason":"illegal_value"},""",
            Text(envelope.Json),
            StringComparison.Ordinal
        );
        Assert.Contains("'Undefined'", Text(envelope.Json), StringComparison.Ordinal);
        Assert.Equal(Blocked(envelope), Blocked(EnvelopeReader.FromJson(envelope.Json)));
    }

    [Fact]
    public void Read_WhenIdentifierOver500Characters_BlocksIt()
    {
        Envelope envelope = Accept($$"""{"type":"alias","userId":"{{new string('u', 501)}}","anonymousId":"a"}""");
        Assert.Equal(["user_id:too_long"], Blocked(envelope));
    }

    [Fact]
    public void Read_WhenExternalIds_TakesPersonsWithARule()
    {
        Envelope envelope = Accept(
            """
            {"type":"track","event":"x","context":{"externalIds":[
              {"id":"J@X.com","type":"email","collection":"users","encoding":"none"},
              {"id":"j@x.com","type":"EMAIL","collection":"users","encoding":"none"},
              {"id":"acme","type":"user_id","collection":"accounts","encoding":"none"},
              {"id":"zz","type":"loyalty_id","collection":"users","encoding":"none"},
              {"id":12,"type":"ga_client_id"}, 7, null, {"type":5}]}}
            """
        );

        Assert.Equal(["email:j@x.com", "ga_client_id:12"], IdsOf(envelope));
        Assert.Contains("loyalty_id", Text(envelope.Json), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenAdTrackingIsOff_LeavesAdvertisingIdAlone()
    {
        Envelope envelope = Accept(
            """{"type":"screen","anonymousId":"a","context":{"device":{"type":"android","advertisingId":"AD","adTrackingEnabled":false,"id":"D"}}}"""
        );

        Assert.Equal(["android.id:d", "anonymous_id:a"], IdsOf(envelope));
    }

    [Fact]
    public void Read_WhenDeviceHasNoType_TakesOperatingSystem()
    {
        Envelope envelope = Accept("""{"type":"screen","context":{"device":{"id":"D"},"os":{"name":"Android"}}}""");
        Assert.Equal(["android.id:d"], IdsOf(envelope));
    }

    [Theory]
    [InlineData("""{"type":"page","integrations":{"Google Analytics":{"clientId":"1.2"}}}""")]
    [InlineData("""{"type":"page","context":{"integrations":{"Google Analytics":{"clientId":"1.2"}}}}""")]
    public void Read_WhenGoogleAnalyticsIsGiven_TakesClientId(string message) =>
        Assert.Equal(["ga_client_id:1.2"], IdsOf(Accept(message)));

    [Fact]
    public void Read_WhenManyExternalIds_KeepsThirtyTwo()
    {
        string ids = string.Join(
            ',',
            Enumerable.Range(10, 60).Select(id => $$"""{"id":"v{{id}}","type":"anonymous_id"}""")
        );
        Envelope envelope = Accept($$"""{"type":"page","context":{"externalIds":[{{ids}}]},"userId":"u"}""");

        Assert.Equal(32, envelope.Identifiers.Length);
        Assert.Equal("user_id:u", envelope.Anchor.ToString());
        Assert.Equal(["anonymous_id:too_many"], Blocked(envelope));
    }

    [Theory]
    [InlineData("email", " Jane@X.COM ", "email:jane@x.com")]
    [InlineData("email", "jane@x@y", null)]
    [InlineData("email", "jane @x.com", null)]
    [InlineData("email", "Jane <jane@x.com>", null)]
    [InlineData("email", "@x.com", null)]
    [InlineData("email", "jane@", null)]
    [InlineData("user_id", " U1 ", "user_id:U1")]
    [InlineData("user_id", "anonymous", null)]
    [InlineData("user_id", "a\tb", null)]
    [InlineData("ios.id", "ABC", "ios.id:abc")]
    [InlineData("phone", "(415) 555-0132", "phone:+14155550132")]
    [InlineData("shoe_size", "42", null)]
    public void Normalize_WhenAsked_GivesNormalForm(string type, string value, string? expected) =>
        Assert.Equal(expected, Reader.Normalize(type, value)?.ToString());
}
