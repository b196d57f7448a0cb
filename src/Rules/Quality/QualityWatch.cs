using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>What was found of an hour.</summary>
/// <param name="Hour">Its begin, UTC.</param>
/// <param name="Level">Null: too few messages to say anything.</param>
/// <param name="Value">Null: there is nothing to look at.</param>
/// <param name="Messages">What the value is of.</param>
/// <param name="Bad">How many of them are not good.</param>
/// <param name="Usual">The median of the hours before; null: it was not compared.</param>
public sealed record QualityPoint(
    DateTimeOffset Hour,
    QualityLevel? Level,
    double? Value,
    long Messages,
    long Bad,
    double? Usual
)
{
    public static QualityPoint Of(DateTimeOffset hour, in QualityVerdict verdict) =>
        new(
            hour,
            verdict.Level,
            verdict.Measure.Value,
            verdict.Measure.Messages,
            verdict.Measure.Bad,
            verdict.Usual?.Usual
        );
}

/// <summary>What of a day was good.</summary>
/// <param name="Valid">Messages or hours.</param>
/// <param name="Bad">Of them.</param>
public readonly record struct QualityDay(DateOnly Day, long Valid, long Bad);

/// <summary>
/// How a check stands for a source. What is settled is not looked at again; the last hours are, each time, since messages may be counted
/// late: they heal what was seen too early.
/// </summary>
/// <param name="Settled">How it stood when the last settled hour was over.</param>
/// <param name="Points">The last hours, the oldest first; those up to <paramref name="SettledTo"/> are settled.</param>
/// <param name="SettledTo">The begin of the last hour that is settled; null: none is.</param>
/// <param name="Current">How it stands now.</param>
/// <param name="Since">Since when it stands so, UTC.</param>
/// <param name="Days">The budget's days, the oldest first.</param>
public sealed record QualityWatch(
    QualityLevel Settled,
    ImmutableArray<QualityPoint> Points,
    DateTimeOffset? SettledTo,
    QualityLevel Current,
    DateTimeOffset Since,
    ImmutableArray<QualityDay> Days
)
{
    /// <summary>Hours that are shown.</summary>
    public const int PointsMax = 72;

    /// <summary>Hours that are looked at again.</summary>
    public const int OpenHours = 3;

    private const int DaysMax = 90;

    /// <summary>Nobody has looked yet.</summary>
    public static QualityWatch Begin(DateTimeOffset now) =>
        new(QualityLevel.NoData, [], null, QualityLevel.NoData, now, []);

    /// <summary>The watch after a look.</summary>
    /// <param name="found">The last hours, each whole, by time; those that are settled already change nothing.</param>
    /// <param name="now">UTC.</param>
    public QualityWatch Look(QualityCheck check, ImmutableArray<QualityPoint> found, DateTimeOffset now)
    {
        ImmutableArray<QualityPoint> open = [.. found.Where(point => !(point.Hour <= SettledTo))];
        ImmutableArray<QualityPoint> settled = [.. Points.Where(point => point.Hour <= SettledTo)];
        QualityLevel level = Settled;
        ImmutableArray<QualityDay> days = Days;
        DateTimeOffset? to = SettledTo;
        int settling = Math.Max(0, open.Length - OpenHours);
        foreach (QualityPoint point in open[..settling])
        {
            settled = settled.Add(point);
            level = Next(check, level, settled);
            days = AddTo(days, check, point);
            to = point.Hour;
        }

        QualityLevel current = level;
        ImmutableArray<QualityPoint> points = settled;
        foreach (QualityPoint point in open[settling..])
        {
            points = points.Add(point);
            current = Next(check, current, points);
        }

        return new QualityWatch(
            level,
            points.Length > PointsMax ? points[^PointsMax..] : points,
            to,
            current,
            current == Current ? Since : now,
            days
        );
    }

    /// <summary>
    /// How it stands behind the last point: it gets worse when so many of so many hours are as bad, and better when so many in a row are
    /// no worse than that. What is in between changes nothing, nor does an hour of which nothing can be said.
    /// </summary>
    private static QualityLevel Next(QualityCheck check, QualityLevel level, ImmutableArray<QualityPoint> points)
    {
        if (points[^1].Level is not { } latest)
        {
            return level;
        }

        QualityLevel[] last =
        [
            .. points
                .Reverse()
                .Select(point => point.Level)
                .OfType<QualityLevel>()
                .Take(Math.Max(check.OpensOf, check.ClosesAfter)),
        ];
        QualityLevel reached = latest;
        QualityLevel[] opening = last[..Math.Min(last.Length, check.OpensOf)];
        while (reached > QualityLevel.Ok && opening.Count(one => one >= reached) < check.OpensAfter)
        {
            reached--;
        }

        if (latest > QualityLevel.Ok && reached == QualityLevel.Ok)
        {
            return level;
        }

        if (reached >= level)
        {
            return reached;
        }

        // What nobody has looked at before is good with its first good hour: there is nothing to close.
        bool isFirst = level == QualityLevel.NoData && Array.TrueForAll(last, one => one == QualityLevel.Ok);
        return
            isFirst
            || (last.Length >= check.ClosesAfter && Array.TrueForAll(last[..check.ClosesAfter], one => one <= reached))
            ? reached
            : level;
    }

    private static ImmutableArray<QualityDay> AddTo(
        ImmutableArray<QualityDay> days,
        QualityCheck check,
        QualityPoint point
    )
    {
        (long valid, long bad) =
            QualityKinds.IsShare(check.Kind) ? (point.Messages, point.Bad)
            : point.Level is { } level ? (1, level == QualityLevel.Ok ? 0 : 1)
            : (0, 0);
        var day = DateOnly.FromDateTime(point.Hour.UtcDateTime);
        QualityDay last = days.IsEmpty ? default : days[^1];
        days =
            last.Day == day
                ? days.SetItem(days.Length - 1, new QualityDay(day, last.Valid + valid, last.Bad + bad))
                : days.Add(new QualityDay(day, valid, bad));
        return days.Length > DaysMax ? days[^DaysMax..] : days;
    }
}

/// <summary>How much of what may be bad is left.</summary>
/// <param name="Valid">Messages or hours of the objective's days.</param>
/// <param name="Bad">Of them.</param>
/// <param name="Left">The share of the budget that is left: 1 all of it, 0 none, below 0 it is overdrawn.</param>
public readonly record struct QualityBudget(long Valid, long Bad, double Left)
{
    /// <summary>Null where nothing is promised, or nothing was counted.</summary>
    public static QualityBudget? Of(QualityCheck check, QualityWatch watch, DateTimeOffset now)
    {
        if (check.Objective is not { } objective)
        {
            return null;
        }

        DateOnly from = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - objective.Days);
        QualityDay[] days = [.. watch.Days.Where(day => day.Day >= from)];
        long valid = days.Sum(day => day.Valid);
        long bad = days.Sum(day => day.Bad);
        return valid == 0 ? null : new QualityBudget(valid, bad, 1 - (bad / (valid * (1 - objective.Target))));
    }
}
