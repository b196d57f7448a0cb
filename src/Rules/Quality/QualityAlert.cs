using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Quality;

/// <summary>What is told of a check that is not good, or is good again. No value of a person is in it.</summary>
/// <param name="Id">Of this telling.</param>
/// <param name="Fingerprint">Of the check and what it looks at: the same for as long as both are.</param>
/// <param name="Level">How it stands.</param>
/// <param name="StartedAt">Since when it is not good, UTC.</param>
/// <param name="At">When this is told, UTC.</param>
public sealed record QualityAlert(
    string Id,
    string Fingerprint,
    string Check,
    QualityKind Kind,
    string Source,
    string? Event,
    QualityLevel Level,
    DateTimeOffset StartedAt,
    DateTimeOffset At
)
{
    /// <summary>It is good again.</summary>
    public bool IsResolved => Level == QualityLevel.Ok;

    public string Status => IsResolved ? "resolved" : "firing";

    /// <summary>Until when a receiver should take it as standing; of one that is resolved when it ended, UTC.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    public required string Team { get; init; }

    public required string Contact { get; init; }

    public required string Runbook { get; init; }

    /// <summary>What changed about then, the likeliest first; mostly empty.</summary>
    public ImmutableArray<string> Causes { get; init; } = [];

    /// <summary>Sixteen hexadecimal digits.</summary>
    public static string FingerprintOf(QualityCheck check, string source) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', check.Id, source, check.Event))).AsSpan(0, 8)
        );

    /// <summary><c>Completeness of properties.total in Order Completed of web is 0.91 of 412 messages, usually 0.99.</c></summary>
    public static string SummaryOf(QualityCheck check, string source, QualityPoint? point)
    {
        string about = check.Event is { } name ? $"{name} of {source}" : source;
        string what = check.Field is { } field
            ? $"{QualityKinds.WordOf(check.Kind)} of {field.Text}"
            : QualityKinds.WordOf(check.Kind);
        if (point?.Value is not { } value)
        {
            return $"{what} in {about}: there is nothing to look at.";
        }

        string found =
            check.Kind == QualityKind.Freshness ? string.Create(CultureInfo.InvariantCulture, $"{value:0} minutes")
            : check.Kind == QualityKind.Volume
                ? string.Create(CultureInfo.InvariantCulture, $"{value:0} messages an hour")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.####} of {point.Messages} messages");
        string usual = point.Usual is { } median
            ? string.Create(CultureInfo.InvariantCulture, $", usually {median:0.####}")
            : "";
        return $"{what} in {about}: {found}{usual}.";
    }
}

/// <summary>An alert that stands.</summary>
/// <param name="Level">As it was told last.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="ToldAt">When it was told last, UTC.</param>
public sealed record StandingAlert(QualityLevel Level, DateTimeOffset StartedAt, DateTimeOffset ToldAt)
{
    /// <summary>
    /// What stands after a look, and whether it is told: when it begins, gets worse or better, ends, and now and then while it stands. A
    /// mute keeps it from beginning and from being told again; that it is over is told whatever is muted.
    /// </summary>
    public static (StandingAlert? Standing, bool IsTold) Next(
        StandingAlert? standing,
        QualityWatch watch,
        bool isMuted,
        TimeSpan repeats,
        DateTimeOffset now
    )
    {
        if (watch.Current == QualityLevel.Ok)
        {
            return (null, standing is not null);
        }

        // Where nothing was ever judged, nothing is known to be wrong.
        if (isMuted || !watch.Points.Any(point => point.Level is not null))
        {
            return (standing, false);
        }

        bool isTold = standing is null || standing.Level != watch.Current || now - standing.ToldAt >= repeats;
        return isTold
            ? (new StandingAlert(watch.Current, standing?.StartedAt ?? watch.Since, now), true)
            : (standing, false);
    }
}
