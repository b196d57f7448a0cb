using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <inheritdoc cref="IDecisionGrain"/>
[GrainType("decision")]
public sealed class DecisionGrain(IDecisionLog decisionLog) : Grain, IDecisionGrain
{
    public async Task<RecordedMerge?> FindMerge()
    {
        // It holds nothing, and anyone may ask for any.
        DeactivateOnIdle();
        DecisionRecord? decision = await decisionLog.FindAsync(this.GetPrimaryKeyString(), CancellationToken.None);
        return decision is { Kind: DecisionKinds.Merged, OtherCustomerId: { } from }
            ? new RecordedMerge(decision.CustomerId, from, DecisionPayload.Read(decision.Payload).Identifiers)
            : null;
    }
}
