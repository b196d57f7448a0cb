using Customer360.Rules.Access;

namespace Customer360.Rules.Tests.Access;

public sealed class AccessRulesTests
{
    [Theory]
    [InlineData(Roles.None, FieldSets.None)]
    [InlineData(Roles.Collect, FieldSets.None)]
    [InlineData(Roles.Read, FieldSets.All & ~(FieldSets.Quarantine | FieldSets.Audit))]
    [InlineData(Roles.Collect | Roles.Read, FieldSets.All & ~(FieldSets.Quarantine | FieldSets.Audit))]
    [InlineData(Roles.Admin, FieldSets.All)]
    [InlineData(Roles.Collect | Roles.Admin, FieldSets.All)]
    public void Decide_ByRole_ShowsWhatTheRoleGrants(Roles roles, FieldSets shown)
    {
        AccessDecision decision = AccessRules.Decide(new AccessRequest(roles, Purpose.Unstated));

        Assert.Equal(new VisibleFields(shown, FieldSets.None), decision.Visible);
        Assert.All(
            decision.Fields,
            one =>
            {
                bool isShown = (shown & one.Set) != FieldSets.None;
                Assert.Equal(isShown ? Visibility.Allow : Visibility.Withhold, one.Visibility);
                Assert.Equal(isShown ? AccessReason.GrantedByRole : AccessReason.NotGranted, one.Reason);
            }
        );
    }

    [Fact]
    public void Decision_WhateverItGrants_SaysSomethingAboutEachSet()
    {
        var decision = new AccessDecision(
            new FieldAccess(FieldSets.Traits, Visibility.Mask, AccessReason.GrantedByRole),
            new FieldAccess(FieldSets.Accounts, Visibility.Allow, AccessReason.GrantedByRole)
        );

        Assert.Equal(FieldSets.All, decision.Fields.Aggregate(FieldSets.None, (sets, one) => sets | one.Set));
        Assert.Equal(decision.Fields.Length, decision.Fields.Select(one => one.Set).Distinct().Count());
        Assert.Equal(new VisibleFields(FieldSets.Accounts, FieldSets.Traits), decision.Visible);
        Assert.True(decision.Visible.HaveAnyOf(FieldSets.Profile));
        Assert.False(decision.Visible.HaveAnyOf(FieldSets.Identifiers));
        Assert.False(decision.Visible.Show(FieldSets.Profile));
    }

    [Theory]
    [InlineData(FieldSets.Messages)]
    [InlineData(FieldSets.Counters)]
    [InlineData(FieldSets.Quarantine)]
    public void Decision_ThatMasksWhatHasNoSingleValues_IsRefused(FieldSets set) =>
        Assert.Throws<ArgumentException>(() =>
            new AccessDecision(new FieldAccess(set, Visibility.Mask, AccessReason.GrantedByRole))
        );

    [Theory]
    [InlineData(FieldSets.Profile)]
    [InlineData(FieldSets.None)]
    public void Decision_AboutSeveralSetsAtOnce_IsRefused(FieldSets sets) =>
        Assert.Throws<ArgumentException>(() =>
            new AccessDecision(new FieldAccess(sets, Visibility.Allow, AccessReason.GrantedByRole))
        );
}
