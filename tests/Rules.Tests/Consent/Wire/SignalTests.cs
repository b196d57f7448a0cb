namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>Google's consent mode, the US privacy string, and Global Privacy Control.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(
        """{"ad_storage":"granted","analytics_storage":"denied"}""",
        "ad_storage=granted",
        "analytics_storage=denied"
    )]
    [InlineData(
        """{"ad_user_data":"granted","ad_personalization":"granted","functionality_storage":"granted","personalization_storage":"granted","security_storage":"granted"}""",
        "ad_personalization=granted",
        "ad_user_data=granted",
        "functionality_storage=granted",
        "personalization_storage=granted",
        "security_storage=granted"
    )]
    [InlineData("""{"ad_storage":true,"analytics_storage":"Granted","ad_stuff":"granted","wait_for_update":500}""")]
    [InlineData("""["consent","update",{"ad_storage":"granted"}]""", "ad_storage=granted")]
    [InlineData(
        """["consent","default",{"ad_storage":"granted","analytics_storage":"denied"}]""",
        "analytics_storage=denied"
    )]
    [InlineData("""["consent","default",{"ad_storage":"denied","region":["DE"]}]""")]
    [InlineData("""["consent","update"]""")]
    [InlineData("""["config","update",{"ad_storage":"granted"}]""")]
    [InlineData("""["consent","other",{"ad_storage":"granted"}]""")]
    [InlineData("""{"default":{"ad_storage":"denied"},"update":{"ad_storage":"granted"}}""", "ad_storage=granted")]
    [InlineData("""{"default":{"ad_storage":"granted"},"update":{"ad_storage":"denied"}}""", "ad_storage=denied")]
    [InlineData(
        """{"default":{"ad_storage":"denied","analytics_storage":"granted"},"update":{}}""",
        "ad_storage=denied"
    )]
    [InlineData("""{"default":{"ad_storage":"granted"}}""")]
    [InlineData("""{"update":{"ad_storage":"granted"},"update":{"ad_storage":"denied"}}""")]
    [InlineData("\"G110\"", "ad_storage=granted", "analytics_storage=denied")]
    public void Google_ReadsStatesAndCommands(string json, params string[] expected) =>
        Assert.Equal(expected, Said.Json("google", json));

    [Theory]
    [InlineData("G111", "ad_storage=granted", "analytics_storage=granted")]
    [InlineData("G101", "ad_storage=denied", "analytics_storage=granted")]
    [InlineData("G100", "ad_storage=denied", "analytics_storage=denied")]
    [InlineData("G1-1", "analytics_storage=granted")]
    [InlineData("G1--")]
    [InlineData("G112")]
    [InlineData("G211")]
    [InlineData("g111")]
    [InlineData("G1111")]
    [InlineData("G11")]
    [InlineData(" G111")]
    [InlineData("")]
    public void Google_ReadsTheParameterOfAHit(string gcs, params string[] expected) =>
        Assert.Equal(expected, Said.Text("google", gcs));

    [Theory]
    [InlineData("1YNN", "sale=granted")]
    [InlineData("1YNY", "sale=granted")]
    [InlineData("1YN-", "sale=granted")]
    [InlineData("1YYN", "sale=denied")]
    [InlineData("1NYN", "sale=denied")]
    [InlineData("1-Y-", "sale=denied")]
    [InlineData("1---")]
    [InlineData("1Y-N")]
    // Nobody was told, so nobody chose.
    [InlineData("1NNN")]
    [InlineData("1-N-")]
    [InlineData("2YNN")]
    [InlineData("1ynn")]
    [InlineData("1YN")]
    [InlineData("1YNNN")]
    [InlineData("1YNN ")]
    [InlineData(" 1YNN")]
    [InlineData("1YXN")]
    [InlineData("")]
    public void UsPrivacy_GrantsOnlyWhoWasToldAndStayed(string text, params string[] expected)
    {
        Assert.Equal(expected, Said.Text("uspv1", text));
        Assert.Equal(expected, Said.Json("uspv1", $"\"{text}\""));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0,1", true)]
    [InlineData("0, 1", true)]
    [InlineData("1,0", true)]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("2", false)]
    [InlineData("10", false)]
    [InlineData("01", false)]
    [InlineData("1.0", false)]
    [InlineData("true", false)]
    [InlineData("yes", false)]
    [InlineData("\"1\"", false)]
    [InlineData("?1", false)]
    [InlineData("1;q=1", false)]
    [InlineData("\uFF11", false)]
    [InlineData("0,,", false)]
    public void PrivacyControl_CountsExactlyOne(string header, bool isOptOut)
    {
        string[] denied = ["gpc=denied", "sale=denied", "sharing=denied", "targeted-advertising=denied"];
        Assert.Equal(isOptOut ? denied : [], Said.Text("gpc", header));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("\"1\"", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("1.0", false)]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    [InlineData("\"true\"", false)]
    public void PrivacyControl_IsReadFromABody(string json, bool isOptOut) =>
        Assert.Equal(isOptOut, Said.Json("gpc", json).Contains("sale=denied"));
}
