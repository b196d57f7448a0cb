using System.Collections.Immutable;

namespace Customer360.Rules.Audiences;

/// <summary>How large an audience was at a time.</summary>
public sealed record SizeSample(DateTimeOffset At, long Members);

/// <summary>Keeps few of many sizes: by the hour for two weeks, before that the last of each day for two years.</summary>
public static class SizeHistory
{
    private static readonly TimeSpan s_hourly = TimeSpan.FromDays(14);
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(731);

    /// <param name="samples">The oldest first.</param>
    public static ImmutableArray<SizeSample> Add(ImmutableArray<SizeSample> samples, SizeSample next)
    {
        DateTimeOffset hourlyFrom = next.At - s_hourly;
        SizeSample[] all = [.. samples.Where(sample => sample.At > next.At - s_kept && sample.At < next.At), next];
        return
        [
            .. all.Where(
                (sample, index) =>
                    sample.At >= hourlyFrom
                    || index == all.Length - 1
                    || all[index + 1].At.UtcDateTime.Date != sample.At.UtcDateTime.Date
            ),
        ];
    }
}
