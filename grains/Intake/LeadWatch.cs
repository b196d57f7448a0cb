using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// Tells for which messages leads have to be looked at, and what audiences ask of accounts. Where no policy says who is a lead and no
/// audience asks, for none.
/// </summary>
public sealed class LeadWatch(
    IPolicy<LifecyclePolicy> lifecycle,
    IPolicy<ScoringPolicy> scoring,
    IPolicy<AudiencePolicy> audiences
)
{
    public bool IsOn => lifecycle.Current.Begins is not null || TellsAudiences;

    /// <summary>An audience asks for the lead or the account: also those are looked at who have no lead.</summary>
    public bool TellsAudiences => audiences.Current.AsksOthers;

    public bool Concerns(Envelope envelope) =>
        LeadEvents.Concern(lifecycle.Current, scoring.Current, envelope)
        || (
            TellsAudiences
            && (
                envelope.Kind is EventKind.Identify or EventKind.Group or EventKind.Alias || AccountLeaving.Is(envelope)
            )
        );

    /// <summary>The id of the last message that says something of leads; null: none does.</summary>
    public string? FindConcern(ImmutableArray<StoredEnvelope> messages)
    {
        if (!IsOn)
        {
            return null;
        }

        string? last = null;
        foreach (StoredEnvelope message in messages)
        {
            last = Concerns(message.Envelope) ? message.Envelope.MessageId : last;
        }

        return last;
    }
}
