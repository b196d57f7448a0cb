namespace Customer360.Rules.Privacy;

/// <summary>When an erasure that failed is begun again. Each time it reads the whole log, so it does not come every second.</summary>
public static class ErasurePauses
{
    private const int DoublingsMax = 20;

    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <summary>A second, doubled with each failure, at most five minutes.</summary>
    /// <param name="inARow">The failures since the last success, 1 or more.</param>
    public static TimeSpan After(int inARow)
    {
        TimeSpan pause = s_first * (1L << Math.Clamp(inARow - 1, 0, DoublingsMax));
        return pause < s_longest ? pause : s_longest;
    }
}
