using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary>The words for what became of deliveries.</summary>
public static class DeliveryWords
{
    public const string Waiting = "waiting";

    /// <summary>Why a correction is withheld from who has nothing that could be corrected.</summary>
    public const string NeverSent = "never_sent";

    public static string Of(DeliveryOutcome outcome) =>
        outcome switch
        {
            DeliveryOutcome.Sent => "sent",
            DeliveryOutcome.Withheld => "withheld",
            DeliveryOutcome.Failed => "failed",
            _ => "retry",
        };

    /// <summary>Null of a word that is none, and of <see cref="Waiting"/>.</summary>
    public static DeliveryOutcome? OutcomeOf(string? word) =>
        word switch
        {
            "sent" => DeliveryOutcome.Sent,
            "withheld" => DeliveryOutcome.Withheld,
            "failed" => DeliveryOutcome.Failed,
            _ => null,
        };
}
