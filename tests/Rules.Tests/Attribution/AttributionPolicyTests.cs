using Customer360.Rules.Attribution;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Attribution;

/// <summary>What a file may say, and what is refused before it counts.</summary>
public sealed class AttributionPolicyTests
{
    private static readonly AttributionPolicyKind s_kind = new();

    [Fact]
    public void Read_OfTheSampleAndTheBuiltInFile_IsValid()
    {
        Assert.Empty(SmallYaml.Faults(s_kind, SmallYaml.Sample("attribution")));
        Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));
        Assert.True(Journeys.Policy(s_kind.BuiltIn).IsEmpty);
    }

    [Theory]
    [InlineData(
        "ownHosts: [https://example.com]",
        "It must be a host in lower case, without a scheme: shop.example.com."
    )]
    [InlineData("idle: 2d", "A visit ends after a day of silence at the latest: 30m.")]
    [InlineData(
        "aliases: {LinkedIn: linkedin}",
        "It must be a source in lower case and the name that it has: linkedin.com: linkedin."
    )]
    [InlineData("channels: [{name: X, if: {fact: hat, equals: red}}]", "There is no such fact.")]
    [InlineData("channels: [{name: X}]", "It is missing.")]
    [InlineData(
        "conversions: [{name: Order, event: E}]",
        "A name has lower case letters, digits and hyphens, and begins with a letter: 63 at most."
    )]
    [InlineData(
        "conversions: [{name: a, opportunities: true}, {name: b, opportunities: true, sources: [hubspot]}]",
        "Another conversion reads the same deals, which would count twice: name the sources of each."
    )]
    [InlineData("conversions: [{name: a}]", "It must say either 'event: NAME' or 'opportunities: true'.")]
    [InlineData(
        "conversions: [{name: a, event: E, opportunities: true}]",
        "It must say either 'event: NAME' or 'opportunities: true'."
    )]
    [InlineData("conversions: [{name: a, event: E}, {name: a, event: F}]", "There are two conversions 'a'.")]
    [InlineData("conversions: [{name: a, event: E, refunded: E}]", "An event can say one thing of a conversion.")]
    [InlineData(
        "conversions: [{name: a, event: CRM Deal Changed}]",
        "That event tells of deals: say 'opportunities: true'."
    )]
    [InlineData("conversions: [{name: a, event: E, scope: account}]", "Only deals have an account.")]
    [InlineData(
        "conversions: [{name: a, event: E, assumedCurrency: euro}]",
        "It must be three letters of ISO 4217: EUR."
    )]
    [InlineData(
        "conversions: [{name: a, event: E, lookBack: 30}]",
        "It must be a whole number with m, h, d or w behind it, 731d at most: 30d."
    )]
    [InlineData("currency: {reporting: EUR, rates: [{from: today, USD: 1}]}", "It must be a date: 2026-01-31.")]
    [InlineData(
        "currency: {reporting: EUR, rates: [{from: 2026-01-01, USD: -1}]}",
        "It must be a currency and what one unit of it is worth: USD: 0.9215."
    )]
    [InlineData("currency: {reporting: EUR, rates: [{from: 2026-01-02}, {from: 2026-01-01}]}", "Days must rise.")]
    [InlineData("currency: {rates: [{from: 2026-01-01, USD: 1}]}", "It is missing.")]
    public void Read_OfWhatCanNotBeMeant_IsRefused(string text, string why)
    {
        string[] faults = SmallYaml.Faults(s_kind, $"owner: {{team: a, contact: b}}\n{text}\n");

        Assert.Contains(faults, fault => fault.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void Conversion_WithoutAnOwner_IsRefused() =>
        Assert.Contains(
            SmallYaml.Faults(s_kind, "conversions: [{name: a, event: E}]"),
            fault => fault.Contains("must name its owner", StringComparison.Ordinal)
        );

    [Fact]
    public void Example_ThatComesToSomethingElse_IsRefused() =>
        Assert.Contains(
            SmallYaml.Faults(
                s_kind,
                """
                owner: {team: a, contact: b}
                examples:
                  - input: {url: "https://example.com/?gclid=1"}
                    expect: {channel: Email}
                """
            ),
            fault => fault.Contains("channel", StringComparison.Ordinal)
        );

    [Fact]
    public void Version_IsAnother_WhereCreditMayMove()
    {
        string sample = SmallYaml.Sample("attribution");

        Assert.NotEqual(
            Journeys.Policy(sample).Version,
            Journeys.Policy(sample.Replace("halfLife: 7d", "halfLife: 8d", StringComparison.Ordinal)).Version
        );
        Assert.Equal(Journeys.Policy(sample).Version, Journeys.Policy($"{sample}\n# a word\n").Version);
    }
}
