using System.Text.Json.Serialization;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;

namespace Customer360.Api.Quality;

/// <summary>A page of how checks stand.</summary>
/// <param name="PolicyVersion">Of <c>quality.yaml</c>.</param>
/// <param name="Checks">By check and source.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record QualityAnswer(string PolicyVersion, IReadOnlyList<QualityCheckAnswer> Checks, string? Next);

/// <summary>How a check stands for a source.</summary>
public sealed record QualityCheckAnswer
{
    public required string Check { get; init; }

    /// <summary><c>volume</c>, <c>freshness</c>, <c>completeness</c>, <c>acceptedValues</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary><c>*</c>: no source has sent anything of it yet.</summary>
    public required string Source { get; init; }

    /// <summary>Null: it is about all messages of the source.</summary>
    public required string? Event { get; init; }

    /// <summary>Null: it looks at no field.</summary>
    public required string? Field { get; init; }

    public required QualityOwnerAnswer Owner { get; init; }

    /// <summary>The page that says what to do.</summary>
    public required string Runbook { get; init; }

    /// <summary><c>ok</c>, <c>noData</c>, <c>warning</c> or <c>failing</c>.</summary>
    public required string State { get; init; }

    /// <summary>Since when it stands so, UTC.</summary>
    public required DateTime Since { get; init; }

    /// <summary>Until when nobody is told, UTC; null: it is not muted.</summary>
    public required DateTime? MutedUntil { get; init; }

    /// <summary>The alert that stands; null: none does.</summary>
    public required QualityAlertAnswer? Alert { get; init; }

    /// <summary>What is left of what may be bad; null: nothing is promised, or nothing was counted.</summary>
    public required QualityBudgetAnswer? Budget { get; init; }

    /// <summary>The last hours, the newest first; only the newest unless <c>history=true</c>.</summary>
    public required IReadOnlyList<QualityHourAnswer> History { get; init; }

    /// <summary>By what pages are ordered.</summary>
    internal string Key => $"{Check}\n{Source}";

    internal static QualityCheckAnswer From(
        QualityPolicy policy,
        QualityCheck check,
        QualityStanding standing,
        bool hasHistory,
        DateTimeOffset now
    )
    {
        QualityWatch watch = standing.Watch;
        return new QualityCheckAnswer
        {
            Check = check.Id,
            Kind = QualityKinds.WordOf(check.Kind),
            Source = standing.Source,
            Event = check.Event,
            Field = check.Field?.Text,
            Owner = new QualityOwnerAnswer(check.Owner.Team, check.Owner.Contact),
            Runbook = policy.RunbookOf(check),
            State = QualityLevels.WordOf(watch.Current),
            Since = watch.Since.UtcDateTime,
            MutedUntil = check.MuteOf(standing.Source, now)?.Until.UtcDateTime,
            Alert = standing.Alert is { } alert
                ? new QualityAlertAnswer(
                    QualityAlert.FingerprintOf(check, standing.Source),
                    QualityLevels.WordOf(alert.Level),
                    alert.StartedAt.UtcDateTime,
                    alert.ToldAt.UtcDateTime
                )
                : null,
            Budget = QualityBudget.Of(check, watch, now) is { } budget
                ? new QualityBudgetAnswer(
                    check.Objective!.Target,
                    check.Objective.Days,
                    budget.Valid,
                    budget.Bad,
                    budget.Left
                )
                : null,
            History =
            [
                .. watch
                    .Points.Reverse()
                    .Take(hasHistory ? QualityWatch.PointsMax : 1)
                    .Select(point => new QualityHourAnswer(
                        point.Hour.UtcDateTime,
                        point.Level is { } level ? QualityLevels.WordOf(level) : null,
                        point.Value,
                        point.Usual,
                        point.Messages
                    )),
            ],
        };
    }
}

/// <summary>Who answers for it.</summary>
public sealed record QualityOwnerAnswer(string Team, string Contact)
{
    internal static QualityOwnerAnswer? From(PolicyOwner? owner) =>
        owner is null ? null : new QualityOwnerAnswer(owner.Team, owner.Contact);
}

/// <summary>An alert that stands.</summary>
/// <param name="Fingerprint">Of the check and what it looks at; receivers get the same.</param>
/// <param name="Level">As it was told last.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="ToldAt">When it was told last, UTC.</param>
public sealed record QualityAlertAnswer(string Fingerprint, string Level, DateTime StartedAt, DateTime ToldAt);

/// <summary>An error budget.</summary>
/// <param name="Target">The share that is promised.</param>
/// <param name="Days">Over so many days, today among them.</param>
/// <param name="Valid">Messages that were looked at; of a volume and a freshness hours.</param>
/// <param name="Bad">Of them.</param>
/// <param name="Left">1: all of what may be bad is left; 0: nothing; below 0: more was bad than may be.</param>
public sealed record QualityBudgetAnswer(double Target, int Days, long Valid, long Bad, double Left);

/// <summary>What was found of an hour.</summary>
/// <param name="Hour">Its begin, UTC.</param>
/// <param name="State">Null: too few messages to say anything.</param>
/// <param name="Value">Messages, minutes or a share, by the kind; null: there was nothing to look at.</param>
/// <param name="Usual">The median of the hours that it was compared with; null: it was not.</param>
/// <param name="Messages">What the value is of.</param>
public sealed record QualityHourAnswer(DateTime Hour, string? State, double? Value, double? Usual, long Messages);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(QualityAnswer))]
internal sealed partial class QualityAnswersJson : JsonSerializerContext;
