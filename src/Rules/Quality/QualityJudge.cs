using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>What a check says of an hour.</summary>
/// <param name="Level">Null: too few messages to say anything.</param>
/// <param name="Usual">What was usual; null: nobody asked, or nobody could say.</param>
public readonly record struct QualityVerdict(QualityLevel? Level, QualityMeasure Measure, UsualRange? Usual);

/// <summary>Judges an hour by a check's bounds and by what is usual.</summary>
public static class QualityJudge
{
    /// <param name="before">The values of the same hours before, where the check compares.</param>
    public static QualityVerdict Judge(QualityCheck check, QualityMeasure measure, ImmutableArray<double> before)
    {
        if (measure.Value is not { } value)
        {
            return new QualityVerdict(QualityLevel.NoData, measure, null);
        }

        if (QualityKinds.IsShare(check.Kind) && measure.Messages < check.Minimum)
        {
            return new QualityVerdict(null, measure, null);
        }

        UsualRange? usual = check.Anomaly is { } anomaly
            ? SeasonalAnomaly.Of(anomaly, before, check.Kind == QualityKind.Volume)
            : null;
        QualityLevel level =
            check.Fail?.IsBrokenBy(value) == true ? QualityLevel.Failing
            : check.Warn?.IsBrokenBy(value) == true ? QualityLevel.Warning
            : QualityLevel.Ok;
        if (usual is { } range && !range.Holds(value) && check.Anomaly!.Level > level)
        {
            level = check.Anomaly.Level;
        }

        return new QualityVerdict(level, measure, usual);
    }
}
