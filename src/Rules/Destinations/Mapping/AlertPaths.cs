using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Quality;

namespace Customer360.Rules.Destinations;

/// <summary>The paths of an alert: <c>alert.status</c>, <c>alert.summary</c> and so on, all of them texts.</summary>
public static class AlertPaths
{
    public const string Prefix = "alert.";

    /// <summary>What changed about then, in one text; there is none where nothing is known.</summary>
    public const string Cause = "cause";

    public static ImmutableArray<string> Members { get; } =
    [
        "status",
        "level",
        "fingerprint",
        "check",
        "kind",
        "source",
        "event",
        "summary",
        "team",
        "contact",
        "runbook",
        "startedAt",
        "endsAt",
    ];

    /// <summary>Null where there is none.</summary>
    public static string? Find(QualityAlert alert, string member) =>
        member switch
        {
            "status" => alert.Status,
            "level" => QualityLevels.WordOf(alert.Level),
            "fingerprint" => alert.Fingerprint,
            "check" => alert.Check,
            "kind" => QualityKinds.WordOf(alert.Kind),
            "source" => alert.Source,
            "event" => alert.Event,
            "summary" => alert.Summary,
            "team" => alert.Team,
            "contact" => alert.Contact,
            "runbook" => alert.Runbook,
            "startedAt" => Rfc3339.Text(alert.StartedAt),
            "endsAt" => Rfc3339.Text(alert.EndsAt),
            Cause => alert.Causes.IsEmpty ? null : string.Join("; ", alert.Causes),
            _ => null,
        };
}
