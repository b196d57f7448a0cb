using System.Collections.Immutable;
using Customer360.Rules.Audiences;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>What is shown to whom: the first rule that is true, and the same to the same person at every time.</summary>
public sealed class PlacementRulesTests
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly AudiencePolicy s_policy = new AudiencePolicyKind()
        .ReadFile(
            """
            owner: {team: t, contact: c}
            audiences:
              - {name: a, purpose: p, holdout: 25, if: {event: A}}
              - {name: b, purpose: p, if: {event: B}}
            decisions:
              - name: hero
                purpose: p
                control: 20
                rules:
                  - {name: both, if: {all: [{audience: a}, {audience: b}]}, variant: first}
                  - {name: one, if: {audience: a}, shares: {left: 1, right: 3}}
                otherwise: plain
              - name: banner
                purpose: p
                rules: [{name: one, if: {audience: a}, variant: first}]
                otherwise: plain
            """,
            SmallYaml.Instance
        )
        .Body!.Base;

    [Fact]
    public void Choose_TakesTheFirstRuleThatIsTrue()
    {
        Assert.Equal(("first", "one"), Banner("a"));
        Assert.Equal(("plain", null), Banner("b"));
    }

    [Fact]
    public void Choose_PassesOverWhatCanNotBeShown()
    {
        PlacementChoice choice = Choose("banner", "c_1", ["a"], ["second"]);

        Assert.Equal(("plain", null), (choice.Variant, choice.Rule));
        Assert.Single(choice.Trace);
    }

    [Fact]
    public void Choose_DealsByShares_KeepsAControlGroup_AndSaysTheSameAgain()
    {
        string[] people = [.. Enumerable.Range(0, 20_000).Select(number => $"c_{number}")];
        PlacementChoice[] choices = [.. people.Select(person => Choose("hero", person, ["a"], []))];

        Assert.Equal(
            choices.Select(one => one.Variant),
            people.Select(person => Choose("hero", person, ["a"], []).Variant)
        );
        int control = choices.Count(one => one.IsControl);
        int left = choices.Count(one => one.Variant == "left");
        int right = choices.Count(one => one.Variant == "right");
        Assert.InRange(control, 3_700, 4_300);
        Assert.InRange(left, 3_700, 4_300);
        Assert.InRange(right, 11_500, 12_500);
        Assert.All(choices.Where(one => one.IsControl), one => Assert.Equal("plain", one.Variant));
    }

    [Fact]
    public void HeldOut_AreSoManyPercent_AlwaysTheSame()
    {
        AudienceDefinition audience = s_policy.Find("a")!;
        int heldOut = Enumerable.Range(0, 20_000).Count(number => AudienceRules.IsHeldOut(audience, $"c_{number}"));

        Assert.InRange(heldOut, 4_600, 5_400);
        Assert.DoesNotContain(
            Enumerable.Range(0, 1_000),
            number => AudienceRules.IsHeldOut(s_policy.Find("b")!, $"c_{number}")
        );
    }

    [Fact]
    public void SizeHistory_KeepsEachHourOfTwoWeeks_AndBeforeThatOneOfEachDay()
    {
        ImmutableArray<SizeSample> samples = [];
        for (int hour = 0; hour < 24 * 30; hour++)
        {
            samples = SizeHistory.Add(samples, new SizeSample(s_at.AddHours(hour), hour));
        }

        DateTimeOffset last = samples[^1].At;
        Assert.Equal((24 * 14) + 1, samples.Count(sample => sample.At >= last.AddDays(-14)));
        Assert.All(
            samples.Where(sample => sample.At < last.AddDays(-14)).GroupBy(sample => sample.At.UtcDateTime.Date),
            day => Assert.Single(day)
        );
        Assert.Equal(samples.OrderBy(sample => sample.At).AsEnumerable(), samples.AsEnumerable());
    }

    private static (string Variant, string? Rule) Banner(string audience)
    {
        PlacementChoice choice = Choose("banner", "c_1", [audience], []);
        return (choice.Variant, choice.Rule);
    }

    private static PlacementChoice Choose(string placement, string person, string[] audiences, string[] candidates) =>
        PlacementRules.Choose(s_policy.FindPlacement(placement)!, person, audiences, candidates, s_at);
}
