using System.Collections.Immutable;
using System.Globalization;

namespace Customer360.Rules.Quality;

/// <summary>What a look at a source comes to.</summary>
/// <param name="Standing">How the check stands for it now.</param>
/// <param name="Alert">What is told; null: nothing.</param>
public readonly record struct QualityLooked(QualityStanding Standing, QualityAlert? Alert);

/// <summary>One look of a check at a source.</summary>
public static class QualityRound
{
    /// <summary>Alerts that are kept for those who are to be told of them.</summary>
    public const int ToldMax = 200;

    private static readonly TimeSpan s_standsLonger = TimeSpan.FromHours(1);

    /// <param name="points">The whole hours that are not settled, by time.</param>
    public static QualityLooked Look(
        QualityPolicy policy,
        QualityCheck check,
        QualityStanding before,
        ImmutableArray<QualityPoint> points,
        DateTimeOffset now
    )
    {
        QualityWatch watch = before.Watch.Look(check, points, now);
        bool isMuted = check.MuteOf(before.Source, now) is not null;
        (StandingAlert? standing, bool isTold) = StandingAlert.Next(before.Alert, watch, isMuted, policy.Repeats, now);
        var after = new QualityStanding(before.Source, watch, standing);
        return new QualityLooked(after, isTold ? AlertOf(policy, check, before, after, now) : null);
    }

    /// <summary>The check is watched no more: what stands of it is over.</summary>
    public static QualityAlert? End(QualityCheckFile file, QualityStanding standing, DateTimeOffset now)
    {
        QualityAlert? last = standing.Alert is null
            ? null
            : file.Told.LastOrDefault(told => told.Source == standing.Source);
        return last is null
            ? null
            : last with
            {
                Id = IdOf(last.Fingerprint, now),
                Level = QualityLevel.Ok,
                At = now,
                EndsAt = now,
                Summary = "The check is watched no more.",
                Causes = [],
            };
    }

    private static QualityAlert AlertOf(
        QualityPolicy policy,
        QualityCheck check,
        QualityStanding before,
        QualityStanding after,
        DateTimeOffset now
    )
    {
        string fingerprint = QualityAlert.FingerprintOf(check, after.Source);
        return new QualityAlert(
            IdOf(fingerprint, now),
            fingerprint,
            check.Id,
            check.Kind,
            after.Source,
            check.Event,
            after.Watch.Current,
            (after.Alert ?? before.Alert)!.StartedAt,
            now
        )
        {
            EndsAt = after.Alert is null ? now : now + policy.Repeats + s_standsLonger,
            Summary = QualityAlert.SummaryOf(
                check,
                after.Source,
                after.Watch.Points.LastOrDefault(point => point.Level is not null)
            ),
            Team = check.Owner.Team,
            Contact = check.Owner.Contact,
            Runbook = policy.RunbookOf(check),
        };
    }

    private static string IdOf(string fingerprint, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{fingerprint}:{now.UtcTicks}");
}

/// <summary>What changed about when a check began not to be good.</summary>
public static class QualityCauses
{
    private const int CausesMax = 5;

    /// <summary>Versions of contracts that came with the hour: they were in none of the hours before.</summary>
    public static ImmutableArray<string> NewVersions(QualityHour hour, ImmutableArray<QualityHour> before, string? name)
    {
        HashSet<QualityRow> known = [.. before.SelectMany(one => one.Rows.Keys)];
        return
        [
            .. hour
                .Rows.Keys.Where(row =>
                    row.Version.Length > 0 && (name is null || row.Event == name) && !known.Contains(row)
                )
                .Take(CausesMax)
                .Select(row => $"contract {row.Event} {row.Version} is new in this hour"),
        ];
    }

    /// <summary>A policy that came into force about then.</summary>
    public static string PolicyChange(string kind, string version, DateTimeOffset at) =>
        $"policy {kind} {version} is in force since {Events.Rfc3339.Text(at)}";
}
