namespace Customer360.Rules.Quality;

/// <summary>What a check finds in an hour of a source.</summary>
/// <param name="Value">Messages, minutes or a share, by the check's kind; null: there is nothing to look at.</param>
/// <param name="Messages">What the value is of.</param>
/// <param name="Bad">How many of them are not good; of a volume and a freshness 0.</param>
public readonly record struct QualityMeasure(double? Value, long Messages, long Bad)
{
    /// <summary>Of a check about messages of an hour. Freshness is measured by <see cref="Fresh"/>.</summary>
    public static QualityMeasure Of(QualityCheck check, QualityHour hour)
    {
        QualityCounts counts = hour.Of(check.Event);
        long messages = counts[QualityCounts.Messages];
        return check.Kind switch
        {
            QualityKind.Volume => new QualityMeasure(messages, messages, 0),
            QualityKind.Completeness or QualityKind.AcceptedValues => OfGood(
                counts.Looked(check.Id),
                counts.Good(check.Id)
            ),
            QualityKind.Repeats => OfBad(messages, counts[QualityCounts.Repeats]),
            QualityKind.Violations => OfBad(messages, counts[QualityTraits.Violating]),
            QualityKind.Unplanned => OfBad(messages, counts[QualityTraits.Unplanned]),
            QualityKind.Quarantined => OfBad(messages, counts[QualityTraits.Held]),
            QualityKind.UnknownConsent => OfBad(messages, counts[QualityTraits.NoConsent]),
            QualityKind.Anonymous => OfBad(messages, counts[QualityTraits.Anonymous]),
            QualityKind.ClockSkew => OfBad(messages, SkewedOf(counts, check.OlderThan)),
            _ => new QualityMeasure(null, 0, 0),
        };
    }

    /// <summary>Minutes since the last message.</summary>
    /// <param name="lastAt">When it was received; null: none is known.</param>
    public static QualityMeasure Fresh(DateTimeOffset? lastAt, DateTimeOffset now) =>
        lastAt is { } at
            ? new QualityMeasure(Math.Max(0, (now - at).TotalMinutes), 1, 0)
            : new QualityMeasure(null, 0, 0);

    private static QualityMeasure OfGood(long looked, long good) =>
        looked == 0 ? new QualityMeasure(null, 0, 0) : new QualityMeasure((double)good / looked, looked, looked - good);

    private static QualityMeasure OfBad(long messages, long bad) =>
        messages == 0
            ? new QualityMeasure(null, 0, 0)
            : new QualityMeasure((double)bad / messages, messages, Math.Min(bad, messages));

    private static long SkewedOf(QualityCounts counts, MessageAge olderThan)
    {
        long skewed = counts[MessageAge.Impossible] + counts[MessageAge.Future];
        for (MessageAge age = olderThan; age <= MessageAge.OlderThanMonth; age++)
        {
            skewed += counts[age];
        }

        return skewed;
    }
}
