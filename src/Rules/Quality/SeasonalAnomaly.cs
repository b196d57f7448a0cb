using System.Collections.Immutable;

namespace Customer360.Rules.Quality;

/// <summary>What is usual for an hour, by the same hours before it.</summary>
/// <param name="Usual">Their median.</param>
/// <param name="Low">A value below is unusual; null: none is.</param>
/// <param name="High">A value above is unusual; null: none is.</param>
public readonly record struct UsualRange(double Usual, double? Low, double? High)
{
    public bool Holds(double value) => !(value < Low) && !(value > High);
}

/// <summary>
/// Says whether an hour is unlike the same hours of other weeks or days, by the modified z-score of Iglewicz and Hoaglin: 0.6745 times the
/// distance from the median, by the median of such distances. So one outage, or one sale, among those hours moves nothing.
/// </summary>
public static class SeasonalAnomaly
{
    /// <summary>Of fewer hours nobody can say what is usual.</summary>
    public const int HoursMin = 3;

    /// <summary>Counts below scatter as a Poisson distribution does, and a z-score says nothing of them.</summary>
    private const double SmallCount = 10;

    /// <summary>Of hours that are as usual so many seem rare all the same: less than one in a month.</summary>
    private const double RareShare = 0.001;

    private const double MedianScale = 0.6745;
    private const double MeanScale = 1.253314;

    /// <summary>What is usual; null where too few hours are known.</summary>
    /// <param name="values">Of the hours before, in any order.</param>
    /// <param name="isCount">They are numbers of messages.</param>
    public static UsualRange? Of(QualityAnomaly anomaly, ImmutableArray<double> values, bool isCount)
    {
        if (values.Length < HoursMin)
        {
            return null;
        }

        double median = MedianOf(values);
        (double low, double high) =
            isCount && median < SmallCount ? PoissonRange(median) : Range(values, median, anomaly.Sensitivity);
        double ignored = Math.Abs(median) * anomaly.IgnoreBelow;
        return new UsualRange(
            median,
            anomaly.Direction == QualityDirection.Spike ? null : Math.Min(low, median - ignored),
            anomaly.Direction == QualityDirection.Drop ? null : Math.Max(high, median + ignored)
        );
    }

    private static (double Low, double High) Range(ImmutableArray<double> values, double median, double sensitivity)
    {
        ImmutableArray<double> distances = [.. values.Select(value => Math.Abs(value - median))];
        double spread = MedianOf(distances) / MedianScale;
        if (spread == 0)
        {
            // Over half of them are equal: the mean distance tells of the others.
            spread = MeanScale * distances.Average();
        }

        return (median - (sensitivity * spread), median + (sensitivity * spread));
    }

    /// <summary>The counts that are not rare where so many are usual.</summary>
    private static (double Low, double High) PoissonRange(double mean)
    {
        double expected = Math.Max(mean, 0.5);
        double term = Math.Exp(-expected);
        double sum = term;
        int low = 0;
        while (sum < RareShare)
        {
            low++;
            term *= expected / low;
            sum += term;
        }

        int high = low;
        while (1 - sum > RareShare)
        {
            high++;
            term *= expected / high;
            sum += term;
        }

        return (low, high);
    }

    private static double MedianOf(ImmutableArray<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
