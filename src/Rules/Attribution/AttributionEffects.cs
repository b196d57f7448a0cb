using System.Collections.Immutable;
using Customer360.Rules.Accounts;
using Customer360.Rules.Consent;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Tells which changes of customers may move credit. They go through the outbox as what destinations are told does, under a name that no
/// destination can have: so none is lost by a crash, and none is worked off twice.
/// </summary>
public static class AttributionEffects
{
    /// <summary>The part of the outbox that is attribution's.</summary>
    public const string Outbox = "$attribution";

    /// <summary>A visit came that was before the last that is known.</summary>
    public const string Late = "late";

    /// <summary>Consent to the purpose is another.</summary>
    public const string Consent = "consent";

    /// <summary>Somebody is known by an identifier that was nobody's: a deal may have named it before.</summary>
    public const string Known = "known";

    /// <summary>Somebody may be a new member of a company; its group id is behind it.</summary>
    public const string Joined = "joined:";

    private const string AnonymousId = "anonymous_id";

    /// <summary>Of what is on its way for longer a conversion may have been credited meanwhile.</summary>
    private static readonly TimeSpan s_onTheWay = TimeSpan.FromMinutes(1);

    /// <summary>A message was folded.</summary>
    public static ImmutableArray<OutboxRow> OfMessage(
        AttributionPolicy policy,
        string customerId,
        ProfileMap before,
        ProfileMap after,
        Envelope envelope,
        LogPlace place
    )
    {
        if (policy.IsEmpty)
        {
            return [];
        }

        var rows = ImmutableArray.CreateBuilder<OutboxRow>(0);
        if (IsConversion(policy, envelope))
        {
            rows.Add(new OutboxRow(Outbox, Effect.Message(customerId, envelope.Name!, place, envelope.ReceivedAt)));
        }
        else if (IsLate(policy, before, envelope))
        {
            rows.Add(RowOf(customerId, Late, Effect.CauseOf(place), envelope.ReceivedAt));
        }

        if (envelope is { Kind: EventKind.Group, GroupId: { } groupId } && policy.HasAccounts)
        {
            rows.Add(RowOf(customerId, Joined + groupId, Effect.CauseOf(place), envelope.ReceivedAt));
        }

        if (envelope.Consent is not null)
        {
            rows.AddRange(OfConsent(policy, customerId, before, after, Effect.CauseOf(place), envelope.ReceivedAt));
        }

        return rows.DrainToImmutable();
    }

    /// <summary>Consent, or a restriction, may be another than it was.</summary>
    public static ImmutableArray<OutboxRow> OfConsent(
        AttributionPolicy policy,
        string customerId,
        ProfileMap before,
        ProfileMap after,
        string cause,
        DateTimeOffset at
    )
    {
        if (policy.IsEmpty || !MayHaveConversions(policy, after))
        {
            return [];
        }

        ConsentView then = ConsentJoin.View(before);
        ConsentView now = ConsentJoin.View(after);
        return then.Of(policy.Purpose) == now.Of(policy.Purpose) && then.IsRestricted == now.IsRestricted
            ? []
            : [RowOf(customerId, Consent, cause, at)];
    }

    /// <summary>
    /// Identifiers came to a customer. Devices are named by no deal: theirs are the most, and would cost a row for each visitor.
    /// </summary>
    public static ImmutableArray<OutboxRow> OfLink(
        AttributionPolicy policy,
        string customerId,
        IEnumerable<Identifier> identifiers,
        string cause,
        DateTimeOffset at
    ) =>
        policy.HasDeals && identifiers.Any(one => one.Type != AnonymousId) ? [RowOf(customerId, Known, cause, at)] : [];

    /// <summary>Of what others are told, that which moves credit: merges, splits and erasures.</summary>
    public static IEnumerable<OutboxRow> Of(AttributionPolicy policy, ImmutableArray<Effect> effects) =>
        policy.IsEmpty
            ? []
            : effects
                .Where(effect =>
                    effect.Kind is EffectKind.CustomersMerged or EffectKind.CustomerSplit or EffectKind.PersonErased
                )
                .Select(effect => new OutboxRow(Outbox, effect with { Identifiers = [] }));

    private static OutboxRow RowOf(string customerId, string name, string cause, DateTimeOffset at) =>
        new(Outbox, Effect.JourneyChanged(customerId, name, cause, at));

    private static bool IsConversion(AttributionPolicy policy, Envelope envelope) =>
        envelope is { Kind: EventKind.Track, Name: { } name }
        && (OpportunityEvents.Has(name) ? policy.HasDeals : !policy.OfEvent(name).IsEmpty);

    private static bool IsLate(AttributionPolicy policy, ProfileMap before, Envelope envelope)
    {
        if (
            envelope.Kind is not (EventKind.Page or EventKind.Screen or EventKind.Track)
            || !MayHaveConversions(policy, before)
        )
        {
            return false;
        }

        if (envelope.ReceivedAt - envelope.Timestamp > s_onTheWay)
        {
            return true;
        }

        foreach (ProfileEntry entry in before.Entries)
        {
            if (entry.Fold.Last is { } last && envelope.Timestamp < last.At)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of deals the account knows, so anybody may take part in one.</summary>
    private static bool MayHaveConversions(AttributionPolicy policy, ProfileMap map)
    {
        if (policy.HasDeals)
        {
            return true;
        }

        foreach (ProfileEntry entry in map.Entries)
        {
            foreach (EventCounter counter in entry.Fold.Counters)
            {
                if (counter.Kind == EventKind.Track && !policy.OfEvent(counter.Name).IsEmpty)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
