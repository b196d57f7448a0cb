using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>Invariant 6, of policies: every change of a policy has its record, once, and no record tells of a change that was not.</summary>
internal static class PolicySteps
{
    private const string Name = "6 policy steps";

    public static void Check(AtRest rest)
    {
        PolicyStep[] steps = [.. rest.PolicyDecisions.Select(PolicyStepRecord.Read).OrderBy(step => step.Number)];
        for (int index = 0; index < steps.Length; index++)
        {
            int number = index + 1;
            ViolationException.ThrowIf(
                steps[index].Number != number,
                Name,
                () => $"step {number} of the identity rules has no record, or several"
            );
        }

        PolicyVersion? inForce = rest.Rules;
        ViolationException.ThrowIf(
            steps.Length != (inForce?.Number ?? 0) || (steps is [.., var last] && last.Version != inForce!.Version),
            Name,
            () =>
                $"{steps.Length} steps are recorded, and number {inForce?.Number ?? 0} ({inForce?.Version}) is in force"
        );
    }

    public static bool IsOfAPolicy(DecisionRecord decision) =>
        decision.CustomerId == PolicyStepRecord.SubjectOf(Rules.Identity.IdentityPolicyKind.KindName);
}
