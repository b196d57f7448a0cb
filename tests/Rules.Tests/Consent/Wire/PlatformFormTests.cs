using System.Text;
using Customer360.Rules.Consent;
using Customer360.Rules.Consent.Wire;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>What consent platforms and other systems of records write.</summary>
public sealed class PlatformFormTests
{
    private const string Cookie =
        "isGpcEnabled=0&datestamp=Sun+Nov+22+2026&version=202411.2.0&hosts=&interactionCount=1&landingPath=NotLandingPage";

    [Theory]
    [InlineData(",C0001,C0003,", "C0001=granted", "C0003=granted", "C0004=denied")]
    [InlineData(",,", "C0004=denied")]
    [InlineData("C0001,C0003")]
    [InlineData(",C0001,C0003")]
    [InlineData(",")]
    [InlineData("")]
    [InlineData(Cookie + "&groups=C0001%3A1%2CC0004%3A0&AwaitingReconsent=false", "C0001=granted", "C0004=denied")]
    [InlineData("groups=C0001:1,C0004:1", "C0001=granted", "C0004=granted")]
    [InlineData("groups=C0001:1&groups=C0001:0", "C0001=denied")]
    [InlineData("groups=C0001:2,C0002:,C0003,:1,C0004:true")]
    [InlineData("Groups=C0001:1")]
    [InlineData("xgroups=C0001:1")]
    // The cookie before anybody has chosen: the region's defaults.
    [InlineData("interactionCount=0&groups=C0001:1,C0004:0", "C0004=denied")]
    [InlineData("groups=C0001:1,C0004:0&interactionCount=0", "C0004=denied")]
    public void OneTrust_ReadsItsTexts(string text, params string[] expected) =>
        Assert.Equal(expected, Said.Text("onetrust", text, "C0004"));

    // No store takes U+0000, and no UTF-8 has half of a surrogate pair.
    [Fact]
    public void OneTrust_WhenAGroupIsNoText_SaysNothingOfIt()
    {
        Assert.Empty(Said.Text("onetrust", "groups=C%00:1,%00:0,\uD800:1,C\uDC00\uD800:1"));
        Assert.Empty(Said.Text("onetrust", ",C\0,\uD800,"));
        Assert.Equal(["\uD83C\uDF6A=granted"], Said.Text("onetrust", "groups=\uD83C\uDF6A:1"));
    }

    [Theory]
    [InlineData("""["C0001","C0003"]""", "C0001=granted", "C0003=granted", "C0004=denied")]
    [InlineData("""{"C0001":true,"C0004":false,"C0003":1,"C0002":"1"}""", "C0001=granted", "C0004=denied")]
    [InlineData("\",C0001,\"", "C0001=granted", "C0004=denied")]
    [InlineData("[]", "C0004=denied")]
    [InlineData("{}")]
    public void OneTrust_ReadsItsValues(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("onetrust", json, "C0004"));

    [Theory]
    [InlineData(
        "{stamp:'iL9j+/4mDo==',necessary:true,preferences:false,statistics:true,marketing:false,method:'explicit',ver:7,utc:1731969341591,region:'de'}",
        "marketing=denied",
        "necessary=granted",
        "preferences=denied",
        "statistics=granted"
    )]
    [InlineData(
        "%7Bstamp:%27iL9j%27%2Cnecessary:true%2Cmarketing:true%2Cmethod:%27explicit%27%7D",
        "marketing=granted",
        "necessary=granted"
    )]
    // Older cookies have no method.
    [InlineData("{stamp:'a',marketing:true,ver:1}", "marketing=granted")]
    [InlineData("{marketing:true,statistics:false,method:'implied'}", "statistics=denied")]
    [InlineData("{marketing:true,method:explicit}")]
    [InlineData("{marketing:'true',statistics:\"false\",preferences:1,other:true}")]
    [InlineData("{marketing:true,marketing:false}", "marketing=denied")]
    [InlineData("{stamp:'a,marketing:true,x:'}")]
    [InlineData("{marketing:true")]
    [InlineData("marketing:true}")]
    [InlineData("{marketing}")]
    [InlineData("{:true}")]
    [InlineData("{marketing:true;statistics:true}")]
    [InlineData("{stamp:'a' marketing:true}")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("{}")]
    [InlineData("")]
    public void Cookiebot_ReadsItsCookie(string cookie, params string[] expected) =>
        Assert.Equal(expected, Said.Text("cookiebot", cookie));

    [Theory]
    [InlineData(
        """{"marketing":true,"statistics":false,"method":"explicit"}""",
        "marketing=granted",
        "statistics=denied"
    )]
    [InlineData("""{"marketing":true,"statistics":false,"method":"implied"}""", "statistics=denied")]
    [InlineData("""{"marketing":true,"method":null}""")]
    [InlineData("""{"marketing":"true"}""")]
    public void Cookiebot_ReadsItsObject(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("cookiebot", json));

    [Fact]
    public void Cookiebot_TellsWhenItWasSaid()
    {
        WireConsent entry = Assert.Single(
            ConsentForms.ReadText("cookiebot", "{marketing:true,utc:1731969341591}", Said.Judgement)
        );
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1731969341591), entry.SaidAtLatest);
        entry = Assert.Single(ConsentForms.ReadText("cookiebot", "{marketing:true,utc:9731969341591}", Said.Judgement));
        Assert.Equal(Said.Judgement.ReceivedAt, entry.SaidAtLatest);
    }

    [Theory]
    [InlineData(
        """{"services":[{"id":"a","consent":{"status":true}},{"id":"b","consent":{"status":false}}]}""",
        "a=granted",
        "b=denied"
    )]
    [InlineData("""[{"id":"a","consent":{"status":true}}]""", "a=granted")]
    [InlineData("""[{"id":"a","consent":{"status":"true"}},{"id":1,"consent":{"status":true}},{"id":"c"},7]""")]
    [InlineData("""[{"id":"a","consent":{"status":true,"status":false}}]""")]
    [InlineData(
        """{"event":"consent_status","action":"onAcceptAllServices","type":"EXPLICIT","GA":true,"Ads":false}""",
        "Ads=denied",
        "GA=granted"
    )]
    [InlineData("""{"event":"consent_status","type":"implicit","GA":true,"Ads":false}""", "Ads=denied")]
    [InlineData("""{"event":"consent_status","GA":true}""")]
    [InlineData("""{"type":"explicit","GA":true}""")]
    public void Usercentrics_ReadsServicesAndEvents(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("usercentrics", json));

    [Theory]
    [InlineData(
        """{"purposes":{"consent":{"enabled":["a"],"disabled":["b"]},"global":{"enabled":["b"]},"essential":{"enabled":["c"]}}}""",
        "a=granted",
        "b=denied"
    )]
    [InlineData("""{"purposes":{"consent":{"enabled":["a"],"disabled":["a"]}}}""", "a=denied")]
    [InlineData(
        """{"purposes":{"legitimate_interest":{"enabled":["a"],"disabled":["b"]}}}""",
        "li:a=granted",
        "li:b=denied"
    )]
    [InlineData(
        """{"vendors":{"consent":{"enabled":["x"]},"legitimate_interest":{"enabled":["x"]}}}""",
        "li:vendor:x=granted",
        "vendor:x=granted"
    )]
    [InlineData(
        """{"purposes":{"a":{"id":"a","enabled":true},"b":{"enabled":false}},"vendors":{"x":{"enabled":true}}}""",
        "a=granted",
        "b=denied",
        "vendor:x=granted"
    )]
    [InlineData("""{"purposes":{"a":{"enabled":"true"},"consent":{"enabled":"a","disabled":[1,""]}}}""")]
    [InlineData("""{"consent":{"enabled":["a"]}}""")]
    public void Didomi_ReadsBothShapes(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("didomi", json));

    [Theory]
    [InlineData("""{"a":{"status":"granted"},"b":{"status":"denied"}}""", "a=granted", "b=denied")]
    [InlineData("""{"a":{"status":"granted","status":"denied"}}""", "a=denied")]
    [InlineData("""{"a":{"status":"GRANTED"},"b":{"status":true},"c":"granted","d":{}}""")]
    public void Ketch_ReadsItsPurposes(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("ketch", json));

    [Theory]
    [InlineData("""{"purposes":{"1":true,"2":false},"consent":true}""", "1=granted", "2=denied")]
    [InlineData("""{"1":true,"2":false}""", "1=granted", "2=denied")]
    [InlineData("""{"consent":true,"gdpr_applies":true,"1":"true"}""")]
    public void Iubenda_ReadsItsPurposes(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("iubenda", json));

    [Theory]
    [InlineData("allow_all", "consent", "ads=denied", "s=granted")]
    [InlineData("allow_selected", "consent", "ads=denied", "s=granted")]
    [InlineData("allow_selected", "legitimate_interests")]
    [InlineData("deny_all", "consent", "ads=denied", "s=denied")]
    [InlineData("withdrawn", "consent", "ads=denied", "s=denied")]
    [InlineData("expired", "consent", "ads=denied", "s=denied")]
    [InlineData("pending", "consent")]
    [InlineData("implicit_consent", "consent")]
    [InlineData("ALLOW_ALL", "consent")]
    public void Snowplow_ReadsItsScopes(string eventType, string basis, params string[] expected) =>
        Assert.Equal(
            expected,
            Said.Json(
                "snowplow",
                $$"""{"eventType":"{{eventType}}","basisForProcessing":"{{basis}}","consentScopes":["s",1]}""",
                "ads"
            )
        );

    [Theory]
    [InlineData(
        """{"s/a":{"status":"GRANTED"},"s/b":{"status":"DENIED"},"s/c":{"status":"REVOKED"}}""",
        "s/a=granted",
        "s/b=denied",
        "s/c=denied"
    )]
    [InlineData("""{"a":{"status":"GRANTED","revokeDate":"2026-11-27T12:00:00Z"}}""", "a=denied")]
    [InlineData("""{"a":{"status":"GRANTED","revokeDate":"2026-11-27T12:00:01Z"}}""", "a=granted")]
    [InlineData("""{"a":{"status":"GRANTED","revokeDate":null}}""", "a=granted")]
    [InlineData("""{"a":{"status":"GRANTED","revokeDate":"some day"}}""")]
    [InlineData("""{"a":{"status":"GRANTED","revokeDate":true}}""")]
    [InlineData("""{"a":{"status":"granted"},"b":{},"c":"GRANTED"}""")]
    public void Unomi_ReadsItsConsents(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("unomi", json));

    [Fact]
    public void Unomi_TellsWhenItWasSaidAndWhenItEnds()
    {
        WireConsent entry = Assert.Single(
            ConsentForms.Read(
                "unomi",
                Encoding.UTF8.GetBytes(
                    """{"a":{"status":"GRANTED","statusDate":"2026-01-31T00:00:00Z","revokeDate":1832889600000}}"""
                ),
                Said.Judgement
            )
        );
        Assert.Equal(
            new WireConsent(
                "unomi",
                "a",
                ConsentStatus.Granted,
                new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero),
                DateTimeOffset.FromUnixTimeMilliseconds(1832889600000)
            ),
            entry
        );
    }
}
