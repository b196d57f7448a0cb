using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Warehouse;

/// <summary>The table of deliveries: what became of what destinations had to be told. What was sent is not in it.</summary>
public static class DeliveryRows
{
    public static MirrorTable Table { get; } =
        new(
            "deliveries",
            "Each effect that a destination has to be told of, with what became of it, for as long as the destination keeps that.",
            [
                new("destination", MirrorKind.Text, "The destination."),
                new("delivery_id", MirrorKind.Text, "The effect; receivers get it as their key against repeats."),
                new("kind", MirrorKind.Text, "profile.changed, message, audience.entered …"),
                new("customer_id", MirrorKind.Text, "Whom it was about when it was caused."),
                new("name", MirrorKind.Text, "Of what: an audience, an event, a lead, a purpose."),
                new("cause", MirrorKind.Text, "What caused it: a message's place, a merge, a definition."),
                new("outcome", MirrorKind.Text, "waiting, sent, withheld or failed."),
                new("reason", MirrorKind.Text, "Why it was withheld or failed, or waits."),
                new("http_status", MirrorKind.Number, "The last answer's status; missing: there was none."),
                new("tries", MirrorKind.Number, "How often it was tried."),
                new("caused_at", MirrorKind.Time, "When it was caused."),
                new("done_at", MirrorKind.Time, "When that became of it; missing: it waits."),
            ]
        )
        {
            LoadedAt = "caused_at",
            ChangesByItself = true,
        };

    public static void Add(MirrorRows rows, string destination, DeliveryRow delivery)
    {
        Effect effect = delivery.Effect;
        rows.Add([
            destination,
            effect.Id,
            EffectKinds.WordOf(effect.Kind),
            effect.CustomerId,
            effect.Name.Length == 0 ? null : effect.Name,
            effect.Cause,
            delivery.Outcome is { } outcome ? DeliveryWords.Of(outcome) : DeliveryWords.Waiting,
            delivery.Reason.Length == 0 ? null : delivery.Reason,
            delivery.Status == 0 ? (long?)null : delivery.Status,
            (long)delivery.Tries,
            effect.At,
            delivery.Outcome is null ? (DateTimeOffset?)null : delivery.DoneAt,
        ]);
    }
}
