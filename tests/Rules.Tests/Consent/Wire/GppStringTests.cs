using Customer360.Rules.Consent.Wire;
using Customer360.Rules.Consent.Wire.Gpp;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>GPP strings of the specification and of public suites, and those that must not be read.</summary>
public sealed class GppStringTests
{
    private const string Tcf = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";
    private const string National = "BVQqAAAAAgA";
    private static readonly string[] s_privacyControl =
    [
        "gpc=denied",
        "sale=denied",
        "sharing=denied",
        "targeted-advertising=denied",
    ];

    [Theory]
    [InlineData("DBABM", 2)]
    [InlineData("DBABMA", 2)]
    [InlineData("DBACNY", 2, 6)]
    [InlineData("DBACNYA", 2, 6)]
    [InlineData("DBABjw", 5, 6)]
    [InlineData("DBABLA", 7)]
    [InlineData("DBABBgA", 8)]
    [InlineData("DBAA")]
    public void Header_OfPublicSuites_HasItsSections(string header, params int[] expected)
    {
        Assert.Equal(expected, GppHeader.Read(header));
    }

    [Theory]
    [InlineData("DBGBM")]
    [InlineData("")]
    [InlineData("D")]
    [InlineData("DBA")]
    [InlineData("DBAB")]
    [InlineData("DBABA")]
    [InlineData("DCABM")]
    [InlineData("CBABM")]
    [InlineData("dBABM")]
    [InlineData("DBABM=")]
    [InlineData("DBABMB")]
    [InlineData("DBABM.A")]
    [InlineData(" DBABM")]
    // A section far above those that are, and a number without an end.
    [InlineData("DBABAAAAAAAAAAAM")]
    [InlineData("DBABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("DBABKqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")]
    public void Header_OfWhatIsNone_IsNull(string header) => Assert.Null(GppHeader.Read(header));

    [Fact]
    public void Read_OfTheSpecificationsExamples_ReadsTheirSections()
    {
        string[] tcf = Said.Text("tcf", Tcf);
        Assert.NotEmpty(tcf);
        Assert.Equal(tcf, Said.Text("gpp", $"DBABM~{Tcf}"));
        Assert.Equal(tcf.Append("sale=granted").Order(StringComparer.Ordinal), Said.Text("gpp", $"DBACNY~{Tcf}~1YNN"));
        Assert.Equal(tcf.Append("sale=denied").Order(StringComparer.Ordinal), Said.Text("gpp", $"DBACNYA~{Tcf}~1YYN"));
        // The Canadian string is another form, which is not read.
        Assert.Equal(["sale=granted"], Said.Text("gpp", $"DBABjw~{Tcf}~1YNN"));
        Assert.Equal(tcf, Said.Text("gpp", Tcf));
        Assert.Equal(
            ["tcf", "uspv1"],
            ConsentForms
                .ReadText("gpp", $"DBACNY~{Tcf}~1YNN", Said.Judgement)
                .Select(entry => entry.Form)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Read_OfTheUsualNationalString_GrantsWhatNobodyOptedOutOf() =>
        Assert.Equal(
            ["sale=granted", "sharing=granted", "targeted-advertising=granted"],
            Said.Text("gpp", $"DBABLA~{National}.QA")
        );

    [Fact]
    public void Read_WhenPrivacyControlIsSet_DeniesWhatTheCoreGrants()
    {
        Assert.Equal(s_privacyControl, Said.Text("gpp", $"DBABLA~{National}.YA"));
        Assert.Equal(s_privacyControl, Said.Text("gpp", $"DBABLA~{National}.QA.YA"));
        // The version of the core is unknown (3), that of the signal is not.
        Assert.Equal(s_privacyControl, Said.Text("gpp", "DBABLA~DSJgmkoZJSA.YA"));
        Assert.Empty(Said.Text("gpp", "DBABLA~DSJgmkoZJSA.QA"));
    }

    [Theory]
    // California in version 49, and one that is cut off.
    [InlineData("DBABBgA~xlgWEYCZAA")]
    [InlineData("DBABBgA~xlgWE")]
    // Fewer and more sections than the header has.
    [InlineData("DBABLA")]
    [InlineData("DBABLA~")]
    [InlineData("DBABLA~BVQqAAAAAgA.QA~1YNN")]
    [InlineData("DBACNY~1YNN")]
    // Core: version 0, the standard alphabet, padding, space, too long, bits in the filling.
    [InlineData("DBABLA~AVQqAAAAAgA.QA")]
    [InlineData("DBABLA~BVQqAAAAAg+.QA")]
    [InlineData("DBABLA~BVQqAAAAAgA=.QA")]
    [InlineData("DBABLA~BVQqAAAAAgA .QA")]
    [InlineData("DBABLA~ BVQqAAAAAgA.QA")]
    [InlineData("DBABLA~BVQqAAAAAgAAAAAAAAAA.QA")]
    [InlineData("DBABLA~BVQqAAAAAgB.QA")]
    // A part that can't be read could be the opt-out.
    [InlineData("DBABLA~BVQqAAAAAgA.")]
    [InlineData("DBABLA~BVQqAAAAAgA..QA")]
    [InlineData("DBABLA~BVQqAAAAAgA.gA")]
    [InlineData("DBABLA~BVQqAAAAAgA.AA")]
    [InlineData("DBABLA~BVQqAAAAAgA.QB")]
    [InlineData("DBABLA~BVQqAAAAAgA.QAAAA")]
    [InlineData("DBABLA~BVQqAAAAAgA.Q=")]
    [InlineData("DBABLA~BVQqAAAAAgA.QA.QA.QA.QA.QA.QA.QA.QA.QA")]
    [InlineData("DBABLA~.YA")]
    public void Read_OfWhatIsNone_SaysNothing(string text) => Assert.Empty(Said.Text("gpp", text));

    [Fact]
    public void Read_WhenSectionsAreTold_ReadsOnlyThose()
    {
        string text = $"DBACNY~{Tcf}~1YNN";
        Assert.Equal(["sale=granted"], Said.Of(With(text, 6)));
        Assert.Equal(Said.Text("tcf", Tcf), Said.Of(With(text, 2)));
        Assert.Empty(With(text, 7));
        Assert.Empty(With(text));
        Assert.Empty(With(Tcf, 6));
    }

    [Theory]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":[7]}""", true)]
    [InlineData("""{"gppString":"DBABLA~BVQqAAAAAgA.QA","applicableSections":[7,-1]}""", true)]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA"}""", true)]
    [InlineData("\"DBABLA~BVQqAAAAAgA.QA\"", true)]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":[8]}""", false)]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":[]}""", false)]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":7}""", false)]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":["7"]}""", false)]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":null}""", false)]
    [InlineData("""{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":[7],"gpp_sid":[8]}""", false)]
    [InlineData("""{"gpp":["DBABLA~BVQqAAAAAgA.QA"]}""", false)]
    public void Read_OfAnObject_TakesItsSections(string json, bool isRead) =>
        Assert.Equal(isRead, Said.Json("gpp", json).Contains("sale=granted"));

    private static System.Collections.Immutable.ImmutableArray<WireConsent> With(string text, params int[] sections) =>
        ConsentForms.ReadText("gpp", text, Said.Judgement with { GppSections = [.. sections] });
}
