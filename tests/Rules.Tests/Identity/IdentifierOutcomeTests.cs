using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Identity.Decisions;

namespace Customer360.Rules.Tests.Identity;

public sealed class IdentifierOutcomeTests
{
    private static readonly Identifier s_device = Identifier.Create("anonymous_id", "a");

    [Theory]
    [InlineData(DecisionKinds.Demoted, "{'because':'why','identifiers':['anonymous_id:a']}", "demoted")]
    [InlineData(DecisionKinds.Quarantined, "{'because':'why','identifiers':['anonymous_id:a']}", "quarantined")]
    [InlineData(
        DecisionKinds.Refused,
        "{'because':'why','reason':'over_limit','identifiers':['anonymous_id:a']}",
        "over_limit"
    )]
    [InlineData(
        DecisionKinds.Refused,
        "{'because':'why','reason':'not_older','identifiers':['anonymous_id:a']}",
        "declined"
    )]
    [InlineData(DecisionKinds.Split, "{'because':'why','identifiers':['email:x','anonymous_id:a']}", "declined")]
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
                Decision("d1", DecisionKinds.Quarantined, 5, "{'identifiers':['anonymous_id:a']}"),
                Decision("d2", DecisionKinds.Demoted, 1, "{'identifiers':['anonymous_id:a']}"),
                Decision("d3", DecisionKinds.Linked, 9, "{'identifiers':['anonymous_id:a']}"),
                Decision("d4", DecisionKinds.Demoted, 9, "{'identifiers':['anonymous_id:other']}")
            ).Outcome
        );

    [Fact]
    public void Outcome_WhenItWasReleased_IsNoLongerQuarantined() =>
        Assert.Equal(
            "declined",
            Of(
                Decision("d1", DecisionKinds.Quarantined, 5, "{'identifiers':['anonymous_id:a']}"),
                Decision("d2", DecisionKinds.Released, 6, "{'identifiers':['anonymous_id:a']}")
            ).Outcome
        );

    [Fact]
    public void Outcome_WhenNothingIsDecided_IsPending() =>
        Assert.Equal("pending", IdentifierOutcome.Of(s_device, isHeld: false, isSettled: false, []).Outcome);

    [Fact]
    public void Outcome_WhenHeld_IsLinkedWhateverWasDecidedBefore() =>
        Assert.Equal(
            new IdentifierOutcome("anonymous_id", "a", "linked", null),
            IdentifierOutcome.Of(
                s_device,
                isHeld: true,
                isSettled: true,
                [Decision("d", DecisionKinds.Demoted, 0, "{'identifiers':['anonymous_id:a']}")]
            )
        );

    [Fact]
    public void Outcome_OfABlockedValue_DoesNotNameIt() =>
        Assert.Equal(
            new IdentifierOutcome("email", null, "blocked", "invalid_email"),
            IdentifierOutcome.Of(new BlockedIdentifier("email", "invalid_email"))
        );

    private static IdentifierOutcome Of(params DecisionRecord[] history) =>
        IdentifierOutcome.Of(s_device, isHeld: false, isSettled: true, history);
}
