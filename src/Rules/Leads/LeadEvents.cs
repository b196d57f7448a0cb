using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Leads;

/// <summary>What messages say of leads.</summary>
public static class LeadEvents
{
    /// <summary>
    /// True where a lead has to be looked at for a message: it says who somebody is or what is known, or it is an event that gives points
    /// or that a form leaves. What is looked at on the web says nothing by itself.
    /// </summary>
    public static bool Concern(LifecyclePolicy lifecycle, ScoringPolicy scoring, Envelope envelope) =>
        lifecycle.Begins is not null
        && (
            envelope.Kind is EventKind.Identify or EventKind.Group or EventKind.Alias
            || AccountLeaving.Is(envelope)
            || (envelope.Name is { } name && (name == LeadFactReader.FormEvent || scoring.EventRules.ContainsKey(name)))
        );

    /// <summary>True where something happened that a rule gives points for, so that the log has to be asked.</summary>
    public static bool HasAny(ScoringPolicy scoring, ProfileFold fold) =>
        fold.Counters.Any(counter => scoring.EventRules.ContainsKey(counter.Name));

    /// <summary>What messages give, as the rules of now have it.</summary>
    public static ImmutableArray<ScoreContribution> ContributionsOf(
        ScoringPolicy scoring,
        IEnumerable<Envelope> messages
    ) =>
        [
            .. messages
                .Where(message => message.Name is { } name && scoring.EventRules.ContainsKey(name))
                .SelectMany(message =>
                    ScoringRules.ContributionsOf(
                        scoring,
                        message.Name!,
                        PropertiesOf(message),
                        message.Timestamp,
                        message.MessageId
                    )
                ),
        ];

    private static FactSet PropertiesOf(Envelope message)
    {
        JsonElement? properties = EnvelopeProperties.Of(message, out JsonDocument document);
        using JsonDocument owned = document;
        return properties is { } found
            ? LeadFactReader.PropertiesOf(System.Text.Encoding.UTF8.GetBytes(found.GetRawText()))
            : FactSet.Empty;
    }
}
