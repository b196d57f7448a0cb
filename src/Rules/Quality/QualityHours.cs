using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>What a source has sent of what a check is about.</summary>
/// <param name="FirstAt">When it first did, UTC; null: it never has.</param>
/// <param name="LastAt">When it last did, UTC; null: it never has.</param>
public readonly record struct QualitySubject(string Source, DateTimeOffset? FirstAt, DateTimeOffset? LastAt);

/// <summary>Which hours a look is about. An hour is whole when what was received in it had the time to be counted.</summary>
public static class QualityHours
{
    /// <summary>What is received is counted within seconds; what a crashed node had, when another goes on with it.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromMinutes(10);

    /// <summary>Where nobody has looked for long, or ever: so many hours back.</summary>
    private const int BackMax = 24;

    /// <summary>The last hour that is whole.</summary>
    public static DateTimeOffset LastWhole(DateTimeOffset now) => QualityFacts.HourOf(now - Settles).AddHours(-1);

    /// <summary>The whole hours that are not settled, by time; of a subject that was never seen the last one.</summary>
    public static ImmutableArray<DateTimeOffset> Open(QualityWatch watch, in QualitySubject subject, DateTimeOffset now)
    {
        DateTimeOffset last = LastWhole(now);
        DateTimeOffset first = last.AddHours(1 - BackMax);
        first = watch.SettledTo >= first ? watch.SettledTo.Value.AddHours(1) : first;
        DateTimeOffset begun = subject.FirstAt is { } at ? QualityFacts.HourOf(at) : last;
        first = begun > first ? begun : first;
        return first > last
            ? []
            : [.. Enumerable.Range(0, (int)(last - first).TotalHours + 1).Select(index => first.AddHours(index))];
    }

    /// <summary>The hours that an hour is compared with, as far back as the source has sent anything.</summary>
    public static IEnumerable<DateTimeOffset> Before(QualityCheck check, in QualitySubject subject, DateTimeOffset hour)
    {
        if (check.Anomaly is not { } anomaly || subject.FirstAt is not { } firstAt)
        {
            return [];
        }

        DateTimeOffset begun = QualityFacts.HourOf(firstAt);
        return Enumerable
            .Range(1, anomaly.Periods)
            .Select(period => hour - (period * anomaly.Period))
            .Where(before => before >= begun);
    }
}
