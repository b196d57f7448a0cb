using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;

namespace Customer360.Rules.Tests.Privacy;

/// <summary>What counts as a mention of somebody who is erased.</summary>
public sealed class ErasureTargetsTests
{
    private static readonly ErasureTargets s_targets = new([
        Identifier.Create("email", "jane@x.com"),
        Identifier.Create("user_id", "42"),
        Identifier.Create("phone", "+14155550132"),
        Identifier.Create("anonymous_id", "a-device-id"),
    ]);

    [Theory]
    [InlineData("""{"a":"jane@x.com"}""", """{"a":null}""")]
    [InlineData("""{"a":" JANE@X.com "}""", """{"a":null}""")]
    [InlineData("""{"a":["b","jane@x.com"]}""", """{"a":["b",null]}""")]
    [InlineData("""{"a":"write to jane@x.com."}""", """{"a":null}""")]
    [InlineData("""{"a":"mailto:jane@x.com?subject=hi"}""", """{"a":null}""")]
    [InlineData("""{"a":"https://y.example/?e=jane%40x.com&n=1"}""", """{"a":null}""")]
    [InlineData("""{"a":"email:jane@x.com"}""", """{"a":null}""")]
    [InlineData("""{"a":"jane\u0040x.com"}""", """{"a":null}""")]
    [InlineData("""{"jane@x.com":1}""", """{"erased":1}""")]
    [InlineData("""{"userId":"42","n":"42","k":42}""", """{"userId":null,"n":"42","k":42}""")]
    [InlineData("""{"userId":42}""", """{"userId":null}""")]
    [InlineData("""{"phone":"(+1) 415-555-0132"}""", """{"phone":null}""")]
    [InlineData("""{"device":{"id":"a-device-id"}}""", """{"device":{"id":null}}""")]
    [InlineData("""{"a":"a-device-id"}""", """{"a":null}""")]
    [InlineData("""{"i":["user_id:42","user_id:420"]}""", """{"i":[null,"user_id:420"]}""")]
    public void Redact_WhenItIsAMention_PutsNullInItsPlace(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(s_targets.Redact(Encoding.UTF8.GetBytes(json))!));

    [Theory]
    [InlineData("\"ju\u0308@münchen.example\"")]
    [InlineData("\"JÜ@xn--mnchen-3ya.example\"")]
    [InlineData("\"jü@münchen.example\\u200b\"")]
    [InlineData("\"write to j\\u200bü@münchen.example, please\"")]
    [InlineData("\"<ju\u0308@münchen.example>\"")]
    [InlineData("\"mailto:jü@xn--mnchen-3ya.example\"")]
    [InlineData("\"623283486628.0\"")]
    [InlineData("623283486628.0")]
    [InlineData("6.23283486628e11")]
    [InlineData("\"order of 623283486628.0\"")]
    [InlineData("\"623283486628\\u200b\"")]
    public void Redact_OfAnotherSpelling_IsAMentionAsWell(string value)
    {
        var targets = new ErasureTargets([
            Identifier.Create("email", "jü@münchen.example"),
            Identifier.Create("user_id", "623283486628"),
        ]);
        byte[] json = Encoding.UTF8.GetBytes($$"""{"a":{{value}}}""");

        Assert.Equal("""{"a":null}""", Encoding.UTF8.GetString(targets.Redact(json) ?? json));
        Assert.Single(targets.MentionedIn(json));
    }

    [Fact]
    public void Redaction_OfAFormerId_TakesItOutOfTheAliasAndLeavesAnAnchor()
    {
        var targets = new ErasureTargets([Identifier.Create("user_id", "old-user-id")]);
        byte[] alias = Encoding.UTF8.GetBytes(
            """{"identifiers":[{"type":"user_id","value":"u-2"},{"type":"anonymous_id","value":"old-user-id"}],"message":{"previousId":"old-user-id","userId":"u-2"}}"""
        );

        Assert.Equal(
            """{"identifiers":[{"type":"user_id","value":"u-2"}],"message":{"previousId":null,"userId":"u-2"}}""",
            Encoding.UTF8.GetString(EnvelopeRedaction.Redact(alias, targets)!)
        );
        Assert.False(targets.Contains(Identifier.Create("anonymous_id", "old-user-id")));
        Assert.True(targets.IsFormer(Identifier.Create("anonymous_id", "old-user-id")));
    }

    [Theory]
    [InlineData("""{"a":"mary-jane@x.com"}""")]
    [InlineData("""{"a":"jane@x.community"}""")]
    [InlineData("""{"a":"42"}""")]
    [InlineData("""{"order":42}""")]
    [InlineData("""{"userId":"420"}""")]
    [InlineData("""{"a":"another-device-id"}""")]
    [InlineData("""{"a":true,"b":null,"c":[],"d":{}}""")]
    public void Redact_WhenItIsAnother_LeavesItAlone(string json)
    {
        Assert.Null(s_targets.Redact(Encoding.UTF8.GetBytes(json)));
        Assert.Empty(s_targets.MentionedIn(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void MentionedIn_WhenSomeAreThere_NamesThem() =>
        Assert.Equal(
            ["email:jane@x.com", "user_id:42"],
            s_targets
                .MentionedIn("""{"a":"see jane@x.com","owned":["user_id:42"]}"""u8)
                .Select(one => one.ToString())
                .Where(one => !one.StartsWith("phone", StringComparison.Ordinal))
        );

    [Fact]
    public void Redact_WhenNothingIsErased_LooksAtNothing() =>
        Assert.Null(new ErasureTargets([]).Redact("""{"a":"jane@x.com"}"""u8));
}
