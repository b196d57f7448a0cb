namespace Customer360.Rules.Leads;

/// <summary>How a contribution loses its points.</summary>
public enum ScoreDecayKind
{
    /// <summary>It keeps them.</summary>
    None = 0,

    /// <summary>A part of what is left goes at the end of each interval.</summary>
    Percent = 1,

    /// <summary>Half is left after so many days; it is reckoned anew each day.</summary>
    HalfLife = 2,

    /// <summary>It counts in full for so many days, the last instant included, and then no more.</summary>
    Window = 3,
}

/// <summary>The decay of one contribution. Points are in thousandths, so that what is left is exact and the same everywhere.</summary>
/// <param name="Days">The interval, the half-life or the window, in times of 24 hours.</param>
/// <param name="Percent">Of <see cref="ScoreDecayKind.Percent"/>: 1 to 100.</param>
public sealed record ScoreDecay(ScoreDecayKind Kind, int Days = 0, int Percent = 0)
{
    /// <summary>Thousandths of a point.</summary>
    public const int PointParts = 1_000;

    public static ScoreDecay None { get; } = new(ScoreDecayKind.None);

    /// <summary>What is left, in thousandths. Before its time a contribution counts nothing.</summary>
    public long ValueAt(int points, DateTimeOffset since, DateTimeOffset at)
    {
        long value = (long)points * PointParts;
        TimeSpan age = at - since;
        if (age < TimeSpan.Zero)
        {
            return 0;
        }

        switch (Kind)
        {
            case ScoreDecayKind.Percent:
                for (long step = age.Ticks / Interval.Ticks; step > 0 && value != 0; step--)
                {
                    value = value * (100 - Percent) / 100;
                }

                return value;
            case ScoreDecayKind.HalfLife:
                // A power of two and one root: rounded to a thousandth it is the same on every machine.
                return (long)Math.Round(value * Math.Pow(2, -(double)age.Days / Days), MidpointRounding.ToZero);
            case ScoreDecayKind.Window:
                return age <= Interval ? value : 0;
            default:
                return value;
        }
    }

    /// <summary>The next time at which what is left may be other; null: it stays.</summary>
    public DateTimeOffset? NextChange(int points, DateTimeOffset since, DateTimeOffset at)
    {
        if (since > at)
        {
            return since;
        }

        if (Kind == ScoreDecayKind.None || ValueAt(points, since, at) == 0)
        {
            return null;
        }

        if (Kind == ScoreDecayKind.Window)
        {
            return since + Interval + TimeSpan.FromTicks(1);
        }

        TimeSpan step = Kind == ScoreDecayKind.HalfLife ? TimeSpan.FromDays(1) : Interval;
        return since + (step * (((at - since).Ticks / step.Ticks) + 1));
    }

    private TimeSpan Interval => TimeSpan.FromDays(Days);
}
