using Customer360.Rules.Audiences;
using Customer360.Rules.Profiles.Tallies;
using static Customer360.Rules.Tests.Audiences.AudienceCases;

namespace Customer360.Rules.Tests.Audiences;

/// <summary>When a place in an audience changes by itself, as "why" answers it.</summary>
public sealed class AudienceForecastTests
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("{event: A, within: 1d}", "", 24)]
    [InlineData("{event: A, within: 1h}", "minimumStay: 5h, ", 5)]
    [InlineData("{any: [{event: A}, {event: A, within: 1d}]}", "", null)]
    [InlineData("{any: [{event: A, within: 3h}, {event: A, within: 1d}]}", "", 24)]
    public void ChangesAt_IsWhenTheWholeChanges(string condition, string more, int? hours)
    {
        AudiencePolicy policy = PolicyOf(condition, more + "holdout: 0");
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceStandings standings = Decide(policy, tallies, AudienceStandings.Empty, s_at).Standings;

        Assert.Equal(
            // Behind the end of a window, where one ends; a stay ends at its time.
            hours is { } then
                ? s_at.AddHours(then).AddTicks(then == 5 ? 0 : 1)
                : null,
            AudienceRules.ChangesAt(
                policy,
                policy.Audiences[0],
                new AudienceSubject("c_1", standings),
                at => FactsOf(policy, tallies, at),
                s_at
            )
        );
    }

    [Fact]
    public void ChangesAt_OfWhatAsksForAnother_IsWhenThatChanges()
    {
        AudiencePolicy policy = Read(
            """
            owner: {team: t, contact: c}
            audiences:
              - {name: inner, purpose: p, if: {event: A, within: 1d}}
              - {name: outer, purpose: p, if: {audience: inner}}
            """
        );
        Dictionary<string, Tally> tallies = Deal(policy, [MomentAt(s_at)], null);
        AudienceStandings standings = Decide(policy, tallies, AudienceStandings.Empty, s_at).Standings;
        Assert.Equal(2, standings.Members.Length);

        Assert.Equal(
            s_at.AddDays(1).AddTicks(1),
            AudienceRules.ChangesAt(
                policy,
                policy.Find("outer")!,
                new AudienceSubject("c_1", standings),
                at => FactsOf(policy, tallies, at),
                s_at
            )
        );
    }
}
