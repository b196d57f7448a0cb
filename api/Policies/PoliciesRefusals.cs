using System.Collections.Immutable;
using Customer360.Api.Problems;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Api.Policies;

/// <summary>What the objections of a policy's history are called on the wire.</summary>
internal static class PoliciesRefusals
{
    public static Refusal Of(PolicyObjection objection) =>
        objection switch
        {
            PolicyObjection.Replaced => new PolicyReplaced(),
            PolicyObjection.NotProposed => new NotFound("open proposal"),
            PolicyObjection.OwnProposal => new PolicyOwnProposal(),
            PolicyObjection.TooManyProposals => new PolicyTooManyProposals(),
            PolicyObjection.NeverInForce => new NotFound("version of the policy"),
            PolicyObjection.ApprovalNeeded => new PolicyApprovalNeeded(),
            PolicyObjection.NotValid => new PolicyNotValidNow(),
            _ => throw new ArgumentOutOfRangeException(nameof(objection), objection, "The objection has no words."),
        };
}

/// <summary>The policy of a request is not valid; nothing was changed.</summary>
/// <param name="Faults">All of them, by line.</param>
public sealed record PolicyInvalid(ImmutableArray<ConfigFault> Faults)
    : Refusal("invalid_policy", "The policy is not valid. Nothing was changed; errors names line and rule.");

/// <summary>Another version is in force than If-Match, or the approval, names.</summary>
public sealed record PolicyReplaced()
    : Refusal(
        "policy_changed",
        "Another version of the policy is in force than the request names. Nothing was changed."
    );

/// <summary>Four eyes are two people's.</summary>
public sealed record PolicyOwnProposal()
    : Refusal("own_proposal", "Who proposed a policy can't approve it. Another key's owner has to.");

public sealed record PolicyTooManyProposals()
    : Refusal("too_many_proposals", "Too many proposals are open. Approve one, which drops the others.");

public sealed record PolicyApprovalNeeded()
    : Refusal("approval_needed", "This kind of policy needs an approval, which there is none for here.");

/// <summary>It was valid when it came; the release that keeps the history now reads it otherwise.</summary>
public sealed record PolicyNotValidNow()
    : Refusal("policy_not_valid", "The policy is not valid in the release that runs now. Send it again, mended.");
