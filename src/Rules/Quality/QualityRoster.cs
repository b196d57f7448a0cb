using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>An event that a source sends.</summary>
/// <param name="Event">As it is counted.</param>
/// <param name="FirstAt">When it was first received, as far back as it is known, UTC.</param>
/// <param name="LastAt">When it was last received, UTC.</param>
public sealed record SeenEvent(string Source, string Event, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>A source whose hours are kept.</summary>
/// <param name="KeptFrom">The first hour that may be there, UTC.</param>
public sealed record KeptSource(string Source, DateTimeOffset KeptFrom);

/// <summary>An hour of a source.</summary>
public readonly record struct QualityRead(string Source, DateTimeOffset Hour);

/// <summary>Which sources there are, what they send, and how far their hours were looked at.</summary>
/// <param name="Sources">By name.</param>
/// <param name="Seen">By source and event.</param>
/// <param name="LookedTo">The last hour that was looked at when it was whole, UTC; null: none was.</param>
/// <param name="Checks">Those that were asked to look, and may have something to end.</param>
public sealed record QualityRoster(
    ImmutableArray<KeptSource> Sources,
    ImmutableArray<SeenEvent> Seen,
    DateTimeOffset? LookedTo,
    ImmutableArray<string> Checks
)
{
    /// <summary>What comes beyond is forgotten, those first that were seen longest ago.</summary>
    public const int SeenMax = 5_000;

    /// <summary>Where nobody has looked for long, or ever: so many hours back.</summary>
    private const int BackMax = 72;

    public static QualityRoster Empty { get; } = new([], [], null, []);

    /// <summary>With sources that have sent something.</summary>
    public QualityRoster With(ImmutableArray<string> sources, DateTimeOffset now)
    {
        ImmutableArray<KeptSource> unknown =
        [
            .. sources
                .Where(source => Sources.All(one => one.Source != source))
                .Select(source => new KeptSource(source, QualityFacts.HourOf(now).AddHours(-BackMax))),
        ];
        return unknown.IsEmpty
            ? this
            : this with
            {
                Sources = [.. Sources.Concat(unknown).OrderBy(one => one.Source, StringComparer.Ordinal)],
            };
    }

    /// <summary>The hours in which there may be something new: those since the last look, and some before it that may have grown.</summary>
    public IEnumerable<QualityRead> Reads(DateTimeOffset now)
    {
        DateTimeOffset current = QualityFacts.HourOf(now);
        DateTimeOffset back = current.AddHours(-BackMax);
        return Sources.SelectMany(source =>
        {
            bool isNew = Seen.All(one => one.Source != source.Source);
            DateTimeOffset first = !isNew && LookedTo > back ? LookedTo.Value : back;
            return Enumerable
                .Range(0, (int)(current - first).TotalHours + 1)
                .Select(index => new QualityRead(source.Source, first.AddHours(index)));
        });
    }

    /// <summary>With what hours of sources have.</summary>
    public QualityRoster Saw(IEnumerable<(string Source, QualityHour Hour)> hours)
    {
        Dictionary<(string, string), SeenEvent> seen = Seen.ToDictionary(one => (one.Source, one.Event));
        foreach ((string source, QualityHour hour) in hours)
        {
            foreach ((QualityRow row, QualityCounts counts) in hour.Rows)
            {
                (DateTimeOffset firstAt, DateTimeOffset lastAt) = (counts.FirstAt!.Value, counts.LastAt!.Value);
                seen[(source, row.Event)] = seen.TryGetValue((source, row.Event), out SeenEvent? known)
                    ? known with
                    {
                        FirstAt = known.FirstAt < firstAt ? known.FirstAt : firstAt,
                        LastAt = known.LastAt > lastAt ? known.LastAt : lastAt,
                    }
                    : new SeenEvent(source, row.Event, firstAt, lastAt);
            }
        }

        return this with
        {
            Seen =
            [
                .. seen
                    .Values.OrderByDescending(one => one.LastAt)
                    .Take(SeenMax)
                    .OrderBy(one => one.Source, StringComparer.Ordinal)
                    .ThenBy(one => one.Event, StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Looked at until now. What was not seen for as long as hours are kept is forgotten: nobody waits for it any more.</summary>
    public QualityRoster LookedAt(DateTimeOffset now, int keepsDays) =>
        this with
        {
            LookedTo = QualityHours.LastWhole(now),
            Seen = [.. Seen.Where(one => one.LastAt > now.AddDays(-keepsDays))],
        };

    /// <summary>Hours that are kept no longer, the oldest first.</summary>
    public IEnumerable<QualityRead> Expired(DateTimeOffset now, int keepsDays, int most)
    {
        DateTimeOffset until = QualityFacts.HourOf(now).AddDays(-keepsDays);
        return Sources.SelectMany(source =>
            Enumerable
                .Range(0, (int)Math.Clamp((until - source.KeptFrom).TotalHours, 0, most))
                .Select(index => new QualityRead(source.Source, source.KeptFrom.AddHours(index)))
        );
    }

    /// <summary>Those hours are gone.</summary>
    public QualityRoster Forgot(IReadOnlyCollection<QualityRead> hours)
    {
        Dictionary<string, DateTimeOffset> last = hours
            .GroupBy(one => one.Source, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one => one.Max(hour => hour.Hour), StringComparer.Ordinal);
        return this with
        {
            Sources =
            [
                .. Sources.Select(one =>
                    last.TryGetValue(one.Source, out DateTimeOffset hour)
                        ? one with
                        {
                            KeptFrom = hour.AddHours(1),
                        }
                        : one
                ),
            ],
        };
    }
}
