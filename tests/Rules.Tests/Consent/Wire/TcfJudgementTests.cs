using System.Collections.Immutable;
using Customer360.Rules.Consent.Wire;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>Which TC strings count, and what they say.</summary>
public sealed class TcfJudgementTests
{
    private static readonly DateTimeOffset s_lastOfOld = new(2023, 9, 30, 23, 59, 59, TimeSpan.Zero);
    private static readonly DateTimeOffset s_firstOfDisclosed = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_OfAString_SaysEachPurposeThatIsDefined() =>
        Assert.Equal(
            [
                "li:10=denied",
                "li:11=denied",
                "li:2=granted",
                "li:7=denied",
                "li:8=denied",
                "li:9=denied",
                "purpose:10=denied",
                "purpose:11=granted",
                "purpose:1=granted",
                "purpose:2=denied",
                "purpose:3=denied",
                "purpose:4=denied",
                "purpose:5=denied",
                "purpose:6=denied",
                "purpose:7=denied",
                "purpose:8=denied",
                "purpose:9=denied",
                "special:1=denied",
                "special:2=granted",
            ],
            Said.Text(
                "tcf",
                new TcfModel
                {
                    Purposes = [1, 11, 12, 24],
                    LegitimateInterests = [1, 2, 3, 4, 5, 6, 12],
                    SpecialFeatures = [2, 3],
                }.Text()
            )
        );

    [Fact]
    public void Read_WhenThePublisherHasASegment_TakesItsPurposes()
    {
        string text = new TcfModel { Purposes = [1, 2], Publisher = new([2, 3], [7], 2, [1], [2]) }.Text();
        string[] said = Said.Text("tcf", text);
        Assert.Superset(
            new HashSet<string>
            {
                "purpose:1=denied",
                "purpose:2=granted",
                "purpose:3=granted",
                "li:7=granted",
                "custom:1=granted",
                "custom:2=denied",
                "custom-li:1=denied",
                "custom-li:2=granted",
            },
            said.ToHashSet()
        );
        string[] core = Said.Of(
            ConsentForms.ReadText("tcf", text, Said.Judgement with { UsesPublisherSegment = false })
        );
        Assert.Contains("purpose:1=granted", core);
        Assert.Contains("purpose:3=denied", core);
        Assert.DoesNotContain(core, entry => entry.StartsWith("custom", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OfVendors_SaysThoseThatAreAskedFor()
    {
        var model = new TcfModel { VendorConsents = new([23, 24, 25]), Disclosed = new([23, 25], IsRange: true) };
        model.Restrictions.Add((3, 0, new([23])));
        model.Restrictions.Add((4, 1, new([23])));
        model.Restrictions.Add((5, 2, new([22, 23, 24])));
        Assert.Equal(
            [
                "vendor:23/purpose:3=denied",
                "vendor:23/purpose:5=denied",
                "vendor:23=granted",
                // He was not shown it.
                "vendor:24/purpose:5=denied",
                "vendor:24=denied",
                "vendor:26=denied",
            ],
            Said.Text(
                    "tcf",
                    model.Text(),
                    "vendor:23",
                    "vendor:24",
                    "vendor:26",
                    "vendor:023",
                    "vendor:x",
                    "vendor:70000"
                )
                .Where(entry => entry.StartsWith("vendor:", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Read_OfAStringOfGlobalScope_SaysNothing() =>
        Assert.Empty(Said.Text("tcf", new TcfModel { Purposes = [1], IsServiceSpecific = false }.Text()));

    [Fact]
    public void Read_OfAnOldPolicy_CountsOnlyFromItsTime()
    {
        string old = At(s_lastOfOld, policy: 3);
        string late = At(s_lastOfOld.AddSeconds(1), policy: 3);
        Assert.Contains("purpose:1=granted", Said.Text("tcf", old));
        Assert.Empty(Said.Text("tcf", late));
        Assert.Contains("purpose:1=granted", Said.Text("tcf", At(s_lastOfOld.AddSeconds(1), policy: 4)));
        Assert.NotEmpty(ConsentForms.ReadText("tcf", late, Said.Judgement with { PolicyVersion4From = null }));
    }

    [Fact]
    public void Read_WithoutDisclosedVendors_CountsOnlyFromBefore()
    {
        string late = At(s_firstOfDisclosed, disclosed: false);
        Assert.Contains("purpose:1=granted", Said.Text("tcf", At(s_firstOfDisclosed.AddDays(-1), disclosed: false)));
        Assert.Empty(Said.Text("tcf", late));
        Assert.Contains("purpose:1=granted", Said.Text("tcf", At(s_firstOfDisclosed, disclosed: true)));
        Assert.NotEmpty(ConsentForms.ReadText("tcf", late, Said.Judgement with { DisclosedVendorsFrom = null }));
    }

    // Whoever keeps the day of the first choice can't make a new string look old.
    [Fact]
    public void Read_OfAStringThatWasChangedLater_JudgesTheLaterTime() =>
        Assert.Empty(
            Said.Text(
                "tcf",
                new TcfModel
                {
                    Created = s_lastOfOld.AddYears(-1),
                    LastUpdated = s_lastOfOld.AddDays(2),
                    PolicyVersion = 2,
                    Purposes = [1],
                }.Text()
            )
        );

    [Fact]
    public void Read_OfAString_TellsTheEndOfItsDay()
    {
        Assert.Equal(s_firstOfDisclosed.AddDays(1).AddTicks(-1), SaidAt(s_firstOfDisclosed));
        // Older strings know the time of day, and no string is from after its receipt.
        Assert.Equal(s_lastOfOld, SaidAt(s_lastOfOld));
        Assert.Equal(Said.Judgement.ReceivedAt, SaidAt(Said.Judgement.ReceivedAt.AddYears(1)));
        Assert.Equal(
            Said.Judgement.ReceivedAt,
            SaidAt(new DateTimeOffset(Said.Judgement.ReceivedAt.Date, TimeSpan.Zero))
        );
    }

    private static DateTimeOffset? SaidAt(DateTimeOffset updated)
    {
        ImmutableArray<WireConsent> entries = ConsentForms.ReadText("tcf", At(updated), Said.Judgement);
        return Assert.Single(entries.Select(entry => entry.SaidAtLatest).Distinct());
    }

    private static string At(DateTimeOffset updated, int policy = 5, bool disclosed = true) =>
        new TcfModel
        {
            Created = updated,
            LastUpdated = updated,
            PolicyVersion = policy,
            Disclosed = disclosed ? new([1]) : null,
            Purposes = [1],
        }.Text();
}
