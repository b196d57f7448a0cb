using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <inheritdoc cref="IDecisionGrain"/>
[GrainType("decision")]
public sealed class DecisionGrain(IDecisionLog decisionLog) : Grain, IDecisionGrain
{
    public async Task<RecordedMerge?> FindMerge()
    {
        DecisionRecord? decision = await decisionLog.FindAsync(this.GetPrimaryKeyString(), CancellationToken.None);
        if (decision is not { Kind: "merged", OtherCustomerId: { } from })
        {
            return null;
        }

        using JsonDocument payload = JsonDocument.Parse(decision.Payload);
        return new RecordedMerge(
            decision.CustomerId,
            from,
            [
                .. payload
                    .RootElement.GetProperty("identifiers"u8)
                    .EnumerateArray()
                    .Select(one => Identifier.Parse(one.GetString()!)),
            ]
        );
    }
}
