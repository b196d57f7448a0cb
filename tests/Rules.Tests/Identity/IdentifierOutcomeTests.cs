using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Identity.Decisions;

namespace Customer360.Rules.Tests.Identity;

public sealed class IdentifierOutcomeTests
{
    private static readonly Identifier Device = Identifier.Create("anonymous_id", "a");

    [Theory]
    [InlineData("demoted", "{'because':'why','identifiers':['anonymous_id:a']}", "demoted")]
    [InlineData("quarantined", "{'because':'why','identifiers':['anonymous_id:a']}", "quarantined")]
    [InlineData("refused", "{'because':'why','reason':'over_limit','identifiers':['anonymous_id:a']}", "over_limit")]
    [InlineData("refused", "{'because':'why','reason':'not_older','identifiers':['anonymous_id:a']}", "declined")]
    [InlineData("split", "{'because':'why','identifiers':['email:x','anonymous_id:a']}", "declined")]
    public void Outcome_WhenADecisionNamesIt_IsThatDecision(string kind, string payload, string outcome) =>
        Assert.Equal(
            new IdentifierOutcome("anonymous_id", "a", outcome, "why"),
            Of(Decision("d", kind, payload: payload))
        );

    [Fact]
    public void Outcome_WhenSeveralDecisionsNameIt_IsTheLast() =>
        Assert.Equal(
            "quarantined",
            Of(
                Decision("d1", "quarantined", 5, "{'identifiers':['anonymous_id:a']}"),
                Decision("d2", "demoted", 1, "{'identifiers':['anonymous_id:a']}"),
                Decision("d3", "linked", 9, "{'identifiers':['anonymous_id:a']}"),
                Decision("d4", "demoted", 9, "{'identifiers':['anonymous_id:other']}")
            ).Outcome
        );

    [Fact]
    public void Outcome_WhenItWasReleased_IsNoLongerQuarantined() =>
        Assert.Equal(
            "declined",
            Of(
                Decision("d1", "quarantined", 5, "{'identifiers':['anonymous_id:a']}"),
                Decision("d2", "released", 6, "{'identifiers':['anonymous_id:a']}")
            ).Outcome
        );

    [Fact]
    public void Outcome_WhenNothingIsDecided_IsPending() =>
        Assert.Equal("pending", IdentifierOutcome.Of(Device, isHeld: false, isSettled: false, []).Outcome);

    [Fact]
    public void Outcome_WhenHeld_IsLinkedWhateverWasDecidedBefore() =>
        Assert.Equal(
            new IdentifierOutcome("anonymous_id", "a", "linked", null),
            IdentifierOutcome.Of(
                Device,
                isHeld: true,
                isSettled: true,
                [Decision("d", "demoted", 0, "{'identifiers':['anonymous_id:a']}")]
            )
        );

    [Fact]
    public void Outcome_OfABlockedValue_DoesNotNameIt() =>
        Assert.Equal(
            new IdentifierOutcome("email", null, "blocked", "invalid_email"),
            IdentifierOutcome.Of(new BlockedIdentifier("email", "invalid_email"))
        );

    private static IdentifierOutcome Of(params DecisionRecord[] history) =>
        IdentifierOutcome.Of(Device, isHeld: false, isSettled: true, history);
}
