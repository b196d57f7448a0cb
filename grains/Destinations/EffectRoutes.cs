using System.Collections.Immutable;
using Customer360.Rules.Attribution;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// Tells which destinations get an effect, by the policy in force. Whoever causes effects puts the rows into its state
/// (<see cref="Contracts.ICausing"/>) and writes it before it answers: a message counts as applied only when what it causes is stored.
/// </summary>
public sealed class EffectRoutes(IPolicy<DestinationPolicy> policy, IPolicy<AttributionPolicy> attribution)
{
    /// <summary>Which effects anybody wants; what nobody wants need not be worked out.</summary>
    public EffectDemand Demand => policy.Current.Demand;

    public ImmutableArray<OutboxRow> RowsOf(ImmutableArray<Effect> effects)
    {
        DestinationPolicy current = policy.Current;
        AttributionPolicy credit = attribution.Current;
        return effects.IsEmpty || (current.Demand.IsNothing && credit.IsEmpty)
            ? []
            : [.. effects.SelectMany(effect => current.RowsOf(effect)), .. AttributionEffects.Of(credit, effects)];
    }

    /// <summary>What a folded message may move of credit.</summary>
    public ImmutableArray<OutboxRow> CreditRowsOf(
        string customerId,
        ProfileMap before,
        ProfileMap after,
        Envelope envelope,
        LogPlace place
    ) => AttributionEffects.OfMessage(attribution.Current, customerId, before, after, envelope, place);

    /// <summary>Whom deals may have named before anybody had these identifiers.</summary>
    public ImmutableArray<OutboxRow> CreditRowsOf(
        string customerId,
        IEnumerable<Identifier> linked,
        string cause,
        DateTimeOffset at
    ) => AttributionEffects.OfLink(attribution.Current, customerId, linked, cause, at);

    /// <summary>What a change of consent may move of credit.</summary>
    public ImmutableArray<OutboxRow> CreditRowsOf(
        string customerId,
        ProfileMap before,
        ProfileMap after,
        string cause,
        DateTimeOffset at
    ) => AttributionEffects.OfConsent(attribution.Current, customerId, before, after, cause, at);
}
