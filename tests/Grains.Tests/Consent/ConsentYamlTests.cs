using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;

namespace Customer360.Grains.Tests.Consent;

/// <summary>How <c>consent.yaml</c> is read.</summary>
public sealed class ConsentYamlTests
{
    private static readonly PolicyKinds s_kinds = PolicyServices.KnownKinds();

    /// <summary>People read the file, and programs the code: each name of the one stands in the other.</summary>
    [Fact]
    public void BuiltIn_AsAFile_SaysWhatTheCodeSays()
    {
        PolicyKind<ConsentPolicy> kind = s_kinds.Of<ConsentPolicy>();
        PolicyReading builtIn = s_kinds.BuiltIn(kind);
        PolicyReading one = Read("purposes: {ads: {scope: device}}");

        Assert.Equal(one.Version, builtIn.Version);
        using var json = JsonDocument.Parse(builtIn.Json);
        foreach (string section in new[] { "purposes", "wire", "sources", "traits" })
        {
            foreach (JsonProperty member in json.RootElement.GetProperty(section).EnumerateObject())
            {
                Assert.Contains(member.Name, kind.BuiltIn, StringComparison.Ordinal);
                if (section is "wire" or "sources")
                {
                    Assert.All(
                        member.Value.EnumerateObject(),
                        id => Assert.Contains($"    {id.Name}: ", kind.BuiltIn, StringComparison.Ordinal)
                    );
                }
            }
        }

        Assert.All(
            json.RootElement.GetProperty("personal")
                .EnumerateArray()
                .Concat(json.RootElement.GetProperty("devices").EnumerateArray()),
            text => Assert.Contains(text.GetString()!, kind.BuiltIn, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void File_BuildsOnWhatIsBuiltIn()
    {
        ConsentPolicy policy = Accept(
            """
            purposes:
              analytics: {days: 30, regions: {us: opt-out}, collect: drop}
              newsletter: {scope: person, choice: opt-out, evidence: [api]}
            wire:
              segment: {C0002: analytics, C0003: [analytics, ads]}
              "*": {C0009: newsletter}
              gpc: {sale: []}
            traits: {wants: {purpose: newsletter, denies: ["no"], grants: ["yes"]}}
            """
        );

        ConsentPurpose analytics = policy.Find("analytics")!;
        Assert.Equal(
            (ConsentScope.Device, 30, CollectBoundary.Dropped),
            (analytics.Scope, analytics.Days, analytics.Collect)
        );
        Assert.Equal(ConsentChoice.OptOut, analytics.ChoiceIn("us"));
        Assert.Equal(ConsentChoice.OptIn, analytics.ChoiceIn("eu"));
        Assert.Equal(ConsentChoice.OptIn, analytics.ChoiceIn(null));
        Assert.NotNull(policy.Find("ads"));
        Assert.Equal(["ads", "analytics"], policy.PurposesOf("segment", "C0003").AsEnumerable());
        Assert.Equal(["newsletter"], policy.PurposesOf("didomi", "C0009").AsEnumerable());
        Assert.Equal(["profiling"], policy.PurposesOf("didomi", "profiling").AsEnumerable());
        Assert.Empty(policy.PurposesOf("gpc", "sale"));
        Assert.Equal(["ads"], policy.PurposesOf("gpp", "sale").AsEnumerable());
        Assert.Contains(policy.Traits, trait => trait.Trait == "hs_email_optout");
        Assert.Contains(policy.Traits, trait => trait.Trait == "wants");
    }

    [Theory]
    [InlineData("purposes: {Ads: {days: 1}}", "purposes.Ads")]
    [InlineData("purposes: {ads: {scope: house}}", "purposes.ads.scope")]
    [InlineData("purposes: {ads: {choice: perhaps}}", "purposes.ads.choice")]
    [InlineData("purposes: {ads: {days: 0}}", "purposes.ads.days")]
    [InlineData("purposes: {ads: {collect: forget}}", "purposes.ads.collect")]
    [InlineData("purposes: {ads: {regions: {US: opt-in}}}", "purposes.ads.regions.US")]
    [InlineData("purposes: {ads: {evidence: [telepathy]}}", "purposes.ads.evidence")]
    [InlineData("wire: {telepathy: {a: ads}}", "wire.telepathy")]
    [InlineData("wire: {segment: {C1: nothing}}", "wire.segment.C1")]
    [InlineData("sources: {web: {didomi: ''}}", "sources.web.didomi")]
    [InlineData("sources: {web: {didomi: a..b}}", "sources.web.didomi")]
    [InlineData("traits: {box: {denies: ['1']}}", "traits.box.purpose")]
    [InlineData("traits: {box: {purpose: ads}}", "traits.box.denies")]
    [InlineData("traits: {box: {purpose: ads, denies: [a], grants: [a]}}", "traits.box.grants")]
    [InlineData("personal: [a..b]", "personal")]
    [InlineData("sdk: {needs: 7}", "sdk.needs")]
    [InlineData("other: {}\npurposes: {ads: {scope: device}}", "other")]
    public void File_ThatCantBeMeant_IsRefused_AtItsRule(string yaml, string rule) =>
        Assert.Contains(Read(yaml).Faults, fault => fault.Rule == rule);

    [Fact]
    public void File_WhoseExampleFails_IsRefused()
    {
        PolicyReading reading = Read(
            """
            purposes: {ads: {scope: device}}
            examples:
              - input: {form: segment, says: {ads: denied}}
                expect: {ads: granted}
            """
        );

        Assert.False(reading.IsValid);
        Assert.Equal("examples[0].expect.ads", Assert.Single(reading.Faults).Rule);
    }

    private static PolicyReading<ConsentPolicy> Read(string yaml) => s_kinds.Read<ConsentPolicy>(yaml);

    private static ConsentPolicy Accept(string yaml)
    {
        PolicyReading<ConsentPolicy> reading = Read(yaml);
        Assert.Empty(reading.Faults);
        return reading.Body!.Base;
    }
}
