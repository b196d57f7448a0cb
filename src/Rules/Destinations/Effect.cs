using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Quality;

namespace Customer360.Rules.Destinations;

/// <summary>
/// What a change of a customer causes. Its id is derived from its cause, so a cause that is met again after a crash has the effect that
/// it had. It names customers by id and holds no personal data; what is sent is read when it is sent.
/// </summary>
/// <param name="Id"><c>e_</c> and 32 hexadecimal digits. Receivers get it as their key against repeats.</param>
/// <param name="Kind">What it is.</param>
/// <param name="CustomerId">Whom it is about. Effects of one customer reach a destination in the order in which they were caused.</param>
/// <param name="Name">Of what: an audience, an event, a lead's id, a purpose; empty where the kind says all.</param>
/// <param name="Cause">A place of the log (<c>log:3:17</c>), a merge's or split's id, the end of a window …</param>
/// <param name="At">When it was caused, UTC. How fresh a destination is counts from here.</param>
public sealed record Effect(string Id, EffectKind Kind, string CustomerId, string Name, string Cause, DateTimeOffset At)
{
    /// <summary>Of a merge the customer that it is now, of a split the one that it was taken out of; else null.</summary>
    public string? OtherId { get; init; }

    /// <summary>Of an erasure: the identifiers to be deleted, <c>type:value</c>. They go when it is delivered.</summary>
    public ImmutableArray<string> Identifiers { get; init; } = [];

    /// <summary>The place of a message in the log, as a cause.</summary>
    public static string CauseOf(LogPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"log:{place.Partition}:{place.Position}");

    /// <summary>The place that <see cref="CauseOf"/> wrote; null of another cause.</summary>
    public static LogPlace? PlaceOf(string cause)
    {
        string[] parts = cause.Split(':');
        return
            parts is ["log", var partition, var position]
            && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out long place)
            ? new LogPlace(number, place)
            : null;
    }

    public static Effect ProfileChanged(string customerId, string cause, DateTimeOffset at) =>
        Of(EffectKind.ProfileChanged, customerId, "", cause, at);

    /// <param name="name">Of what kind the change is: of several that wait the last says all.</param>
    public static Effect JourneyChanged(string customerId, string name, string cause, DateTimeOffset at) =>
        Of(EffectKind.ProfileChanged, customerId, name, cause, at);

    /// <param name="name">The event's name; of a message that is no event its kind: <c>identify</c>.</param>
    public static Effect Message(string customerId, string name, LogPlace place, DateTimeOffset at) =>
        Of(EffectKind.Message, customerId, name, CauseOf(place), at);

    /// <param name="version">Of the audience's definition: what another definition brings about is another effect.</param>
    /// <param name="cause">The place in the log, the end of a window, a merge or a backfill that brought it about.</param>
    public static Effect Audience(
        bool isEntered,
        string customerId,
        string audience,
        string version,
        string cause,
        DateTimeOffset at
    ) =>
        Of(
            isEntered ? EffectKind.AudienceEntered : EffectKind.AudienceLeft,
            customerId,
            audience,
            $"{version} {cause}",
            at
        );

    /// <param name="leadId">The lead, whose state says to whom.</param>
    /// <param name="cause">Which handing over of the lead it is.</param>
    public static Effect LeadHandoff(string customerId, string leadId, string cause, DateTimeOffset at) =>
        Of(EffectKind.LeadHandoff, customerId, leadId, cause, at);

    /// <param name="customerId">The customer that is no more.</param>
    /// <param name="into">The customer that it is now.</param>
    public static Effect Merged(string customerId, string into, string mergeId, DateTimeOffset at) =>
        Of(EffectKind.CustomersMerged, customerId, "", mergeId, at) with
        {
            OtherId = into,
        };

    /// <param name="customerId">The customer that is new, or itself again.</param>
    /// <param name="from">The customer that it was taken out of.</param>
    public static Effect Split(string customerId, string from, string splitId, DateTimeOffset at) =>
        Of(EffectKind.CustomerSplit, customerId, "", splitId, at) with
        {
            OtherId = from,
        };

    public static Effect ConsentWithdrawn(string customerId, string purpose, string cause, DateTimeOffset at) =>
        Of(EffectKind.ConsentWithdrawn, customerId, purpose, cause, at);

    /// <param name="requestId">The person's request.</param>
    /// <param name="identifiers">By what the person was known.</param>
    public static Effect Erased(
        string customerId,
        string requestId,
        IEnumerable<Identifier> identifiers,
        DateTimeOffset at
    ) =>
        Of(EffectKind.PersonErased, customerId, "", requestId, at) with
        {
            Identifiers = [.. identifiers.Select(one => one.ToString())],
        };

    /// <summary>Its subject is what the check looks at, so that what is told of that arrives in order.</summary>
    public static Effect QualityAlert(QualityAlert alert) =>
        Of(EffectKind.QualityAlert, $"quality:{alert.Fingerprint}", alert.Check, alert.Id, alert.At);

    private static Effect Of(EffectKind kind, string customerId, string name, string cause, DateTimeOffset at) =>
        new(
            "e_" + DecisionId.Of("effect", EffectKinds.WordOf(kind), customerId, name, cause)[2..],
            kind,
            customerId,
            name,
            cause,
            at
        );
}
