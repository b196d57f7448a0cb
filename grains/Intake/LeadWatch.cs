using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>Tells for which messages leads have to be looked at. Where no policy says who is a lead, for none.</summary>
public sealed class LeadWatch(IPolicy<LifecyclePolicy> lifecycle, IPolicy<ScoringPolicy> scoring)
{
    public bool IsOn => lifecycle.Current.Begins is not null;

    public bool Concerns(Envelope envelope) => LeadEvents.Concern(lifecycle.Current, scoring.Current, envelope);

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
