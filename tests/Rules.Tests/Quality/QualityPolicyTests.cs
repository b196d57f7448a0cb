using Customer360.Rules.Policies;
using Customer360.Rules.Quality;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Quality;

/// <summary>What a quality file may say, and what is told of one that is wrong.</summary>
public sealed class QualityPolicyTests
{
    private static readonly QualityPolicyKind s_kind = new();

    [Fact]
    public void Read_OfTheSample_IsValidAndKeepsItsExamples()
    {
        PolicyReading<QualityPolicy> reading = s_kind.ReadFile(SmallYaml.Sample("quality"), SmallYaml.Instance);

        Assert.Empty(reading.Faults);
        Assert.Empty(reading.Warnings);
        QualityPolicy policy = reading.Body!.Base;
        QualityCheck total = policy.Checks["order-total"];
        Assert.Equal(("shop", 0.98, 0.995), (total.Owner.Team, total.Fail!.Below, total.Warn!.Below));
        Assert.Equal(
            "https://github.com/example/customer360/blob/main/docs/runbooks/accepted-values.md",
            policy.RunbookOf(policy.Checks["order-currency"])
        );
        QualityCheck volume = policy.Checks["web-volume"];
        Assert.Equal((2, 3, 2), (volume.OpensAfter, volume.OpensOf, volume.ClosesAfter));
        Assert.Equal(TimeSpan.FromDays(7), volume.Anomaly!.Period);
    }

    [Fact]
    public void Read_OfTheBuiltInFile_IsValidAndJudgesNothing()
    {
        Assert.Empty(SmallYaml.Faults(s_kind, s_kind.BuiltIn));
        Assert.Empty(s_kind.ReadFile(s_kind.BuiltIn, SmallYaml.Instance).Body!.Base.Checks);
    }

    [Theory]
    [InlineData("kind: volume", "It must say what is not good")]
    [InlineData("fail: {below: 1}", "checks.a.kind: It is missing.")]
    [InlineData("kind: volumes\n    fail: {below: 1}", "It must be one of: volume")]
    [InlineData("kind: volume\n    fail: {}", "It must say 'below' or 'above'")]
    [InlineData("kind: volume\n    fail: {below: 2, above: 1}", "no value would be good")]
    [InlineData("kind: quarantined\n    fail: {above: 2}", "from 0 to 1")]
    [InlineData("kind: completeness\n    fail: {below: 1}", "It must name the field")]
    [InlineData("kind: completeness\n    field: total\n    fail: {below: 1}", "It must be a path")]
    [InlineData("kind: volume\n    field: properties.a\n    fail: {below: 1}", "looks at no field")]
    [InlineData("kind: acceptedValues\n    field: traits.plan\n    fail: {below: 1}", "It must name the values")]
    [InlineData("kind: freshness\n    anomaly: {}", "A freshness has bounds only")]
    [InlineData("kind: volume\n    anomaly: {level: ok}", "It must be one of: warning, failing.")]
    [InlineData("kind: volume\n    fail: {below: 1}\n    open: {bad: 3, of: 2}", "more bad hours than there are hours")]
    [InlineData("kind: volume\n    fail: {below: 1}\n    mute: {why: x}", "mute.until: It is missing.")]
    [InlineData("kind: volume\n    fail: {below: 1}\n    mute: {until: soon, why: x}", "It must be a time")]
    [InlineData("kind: volume\n    fail: {below: 1}\n    objective: {target: 100%}", "target")]
    [InlineData("kind: volume\n    fail: {below: 1}\n    colour: red", "There is no such rule here.")]
    public void Read_OfACheckThatIsWrong_NamesItsPlace(string lines, string words)
    {
        string[] faults = SmallYaml.Faults(
            s_kind,
            $$"""
            owner: {team: data, contact: data}
            checks:
              a:
                {{lines.Replace("\n", "\n    ", StringComparison.Ordinal)}}
            """.Replace("\n        ", "\n    ", StringComparison.Ordinal)
        );

        Assert.Contains(faults, fault => fault.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OfAFileWithoutOwner_IsRefused() =>
        Assert.Contains(
            SmallYaml.Faults(s_kind, "checks: {a: {kind: volume, fail: {below: 1}}}"),
            fault => fault.Contains("must name its owner", StringComparison.Ordinal)
        );

    [Fact]
    public void Read_OfMoreFieldsThanAMessageIsLookedAtFor_IsRefused()
    {
        string checks = string.Join(
            '\n',
            Enumerable
                .Range(0, QualityPolicy.ProbesMax + 1)
                .Select(one =>
                    $"  a{one}: {{kind: completeness, event: E, field: properties.f{one}, fail: {{below: 1}}}}"
                )
        );

        Assert.Contains(
            SmallYaml.Faults(s_kind, $"owner: {{team: data, contact: data}}\nchecks:\n{checks}\n"),
            fault => fault.Contains("look at fields of one event", StringComparison.Ordinal)
        );
    }
}
