using System.Collections.Immutable;
using Customer360.Rules.Destinations;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Tells which destinations get an effect, by the policy in force. Whoever causes effects puts the rows into its state
/// (<see cref="Contracts.ICausing"/>) and writes it before it answers: a message counts as applied only when what it causes is stored.
/// </summary>
public sealed class EffectRoutes(IPolicy<DestinationPolicy> policy)
{
    /// <summary>Which effects anybody wants; what nobody wants need not be worked out.</summary>
    public EffectDemand Demand => policy.Current.Demand;

    public ImmutableArray<OutboxRow> RowsOf(ImmutableArray<Effect> effects)
    {
        DestinationPolicy current = policy.Current;
        return effects.IsEmpty || current.Demand.IsNothing
            ? []
            : [.. effects.SelectMany(effect => current.RowsOf(effect))];
    }
}
