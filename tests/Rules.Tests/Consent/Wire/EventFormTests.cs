using Customer360.Rules.Consent.Wire;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>What the event SDKs write: Segment and RudderStack.</summary>
public sealed class EventFormTests
{
    [Theory]
    [InlineData("""{"categoryPreferences":{"ads":true,"analytics":false}}""", "ads=granted", "analytics=denied")]
    [InlineData("""{"categoryPreferences":{"Ads":true,"ads":false}}""", "Ads=granted", "ads=denied")]
    [InlineData("""{"categoryPreferences":{"ads":true,"ads":false}}""", "ads=denied")]
    [InlineData("""{"categoryPreferences":{"ads":false,"ads":true}}""", "ads=denied")]
    [InlineData("""{"categoryPreferences":{"ads":true},"categoryPreferences":{"ads":false}}""", "ads=denied")]
    [InlineData("""{"categoryPreferences":{"ads":"true","a":1,"b":null,"c":[true],"d":{"x":true}}}""")]
    [InlineData("""{"categoryPreferences":{"":true}}""")]
    [InlineData("""{"categoryPreferences":{}}""")]
    [InlineData("""{"categoryPreferences":null}""")]
    [InlineData("""{"categoryPreferences":[{"ads":true}]}""")]
    [InlineData("""{"categorypreferences":{"ads":true}}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"ads\"")]
    public void Segment_SaysWhatItsBooleansSay(string consent, params string[] expected) =>
        Assert.Equal(expected, Said.Json("segment", consent));

    [Theory]
    [InlineData("\"\\u0061ds\"")]
    [InlineData("\"ads\"")]
    public void Segment_WhenAKeyIsEscaped_HasTheSameId(string key) =>
        Assert.Equal(["ads=granted"], Said.Json("segment", $$$"""{ "categoryPreferences" : { {{{key}}} : true } }"""));

    // Half of a surrogate pair is no text, and U+0000 is none that can be stored.
    [Theory]
    [InlineData("\\ud800")]
    [InlineData("a\\u0000")]
    public void Segment_WhenAKeyIsNoText_SaysNothingOfIt(string key) =>
        Assert.Equal(
            ["ads=denied"],
            Said.Json("segment", $$$"""{"categoryPreferences":{"{{{key}}}":true,"ads":false}}""")
        );

    // A name that no text can have stands beside those that are looked for, in every form.
    [Theory]
    [InlineData("segment", """{"categoryPreferences":{"ads":true}}""")]
    [InlineData("rudderstack", """{"allowedConsentIds":["ads"]}""")]
    [InlineData("usercentrics", """{"services":[{"id":"ads","consent":{"status":true}}]}""")]
    [InlineData("didomi", """{"purposes":{"ads":{"enabled":true}}}""")]
    [InlineData("ketch", """{"ads":{"status":"granted"}}""")]
    [InlineData("iubenda", """{"1":true}""")]
    [InlineData("snowplow", """{"eventType":"allow_all","basisForProcessing":"consent","consentScopes":["ads"]}""")]
    [InlineData("unomi", """{"ads":{"status":"GRANTED"}}""")]
    [InlineData("google", """{"ad_storage":"granted"}""")]
    [InlineData("gpp", """{"gpp":"DBABLA~BVQqAAAAAgA.QA"}""")]
    public void Read_WhenANameIsNoText_ReadsTheOthers(string form, string json)
    {
        string[] said = Said.Json(form, json);
        Assert.NotEmpty(said);
        foreach (
            string name in (string[])["\\ud800", "\\udc00\\ud800aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        )
        {
            Assert.Equal(said, Said.Json(form, $$"""{"{{name}}":{"{{name}}":"{{name}}"},{{json[1..]}}"""));
        }
    }

    [Theory]
    [InlineData("""{"allowedConsentIds":["C1"],"deniedConsentIds":["C2"]}""", "C1=granted", "C2=denied")]
    [InlineData("""{"allowedConsentIds":["C1","C2"],"deniedConsentIds":["C2"]}""", "C1=granted", "C2=denied")]
    [InlineData("""{"deniedConsentIds":["C1"],"allowedConsentIds":["C1"]}""", "C1=denied")]
    [InlineData("""{"allowedConsentIds":["C1"],"resolutionStrategy":"or","provider":"x"}""", "C1=granted")]
    [InlineData("""{"allowedConsentIds":"C1","deniedConsentIds":{"C1":true}}""")]
    [InlineData("""{"allowedConsentIds":["",1,true,null,["C1"]],"deniedConsentIds":[false]}""")]
    [InlineData("""{"allowedConsentIds":[]}""")]
    // Both belong to a destination's configuration. In an event they are nobody's choice.
    [InlineData("""{"oneTrustCookieCategories":["C1"],"ketchConsentPurposes":["ads"]}""")]
    [InlineData("[]")]
    public void RudderStack_ReadsBothLists(string consent, params string[] expected) =>
        Assert.Equal(expected, Said.Json("rudderstack", consent));

    [Fact]
    public void Read_WhenThereAreMoreIdsThanAChoiceHas_SaysNothing()
    {
        string[] many = [.. Enumerable.Range(0, 1_000).Select(n => $"\"c{n}\":true")];
        Assert.Equal(
            1_000,
            Said.Json("segment", $$$"""{"categoryPreferences":{{{{string.Join(',', many)}}}}}""").Length
        );
        // The denial that comes last must not be what is left out.
        Assert.Empty(Said.Json("segment", $$$"""{"categoryPreferences":{{{{string.Join(',', many)}}},"ads":false}}"""));
    }

    [Fact]
    public void Read_WhenTheIdIsLongerThanAnId_SaysNothingOfIt()
    {
        string id = new('a', 200);
        Assert.Equal([id + "=granted"], Said.Json("segment", $$$"""{"categoryPreferences":{"{{{id}}}":true}}"""));
        Assert.Empty(Said.Json("segment", $$$"""{"categoryPreferences":{"{{{id}}}a":true}}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Segment")]
    [InlineData("unknown")]
    public void Read_OfAnUnknownForm_SaysNothing(string form)
    {
        Assert.DoesNotContain(form, ConsentForms.Known);
        Assert.Empty(Said.Json(form, """{"categoryPreferences":{"ads":true}}"""));
        Assert.Empty(Said.Text(form, "1YNN"));
    }

    [Theory]
    [InlineData("""{"categoryPreferences":{"ads":true}}x""")]
    [InlineData("""{"categoryPreferences":{"ads":true}}{}""")]
    [InlineData("""{"categoryPreferences":{"ads":true,}}""")]
    [InlineData("""{"categoryPreferences":{"ads":true}/**/}""")]
    [InlineData("""{categoryPreferences:{"ads":true}}""")]
    public void Read_OfWhatIsNoJson_SaysNothing(string text) => Assert.Empty(Said.Json("segment", text));
}
