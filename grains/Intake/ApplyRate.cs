namespace Customer360.Grains;

/// <summary>How fast a partition's messages come into their profiles. Owned by a partition and used in its turns only.</summary>
internal sealed class ApplyRate(TimeProvider time)
{
    private double _perSecond = 1_000;
    private int _applied;
    private DateTimeOffset _since;

    public void Count(int messages)
    {
        DateTimeOffset now = time.GetUtcNow();
        _applied += messages;
        TimeSpan span = now - _since;
        if (span >= TimeSpan.FromSeconds(1))
        {
            _perSecond = _applied / span.TotalSeconds;
            _applied = 0;
            _since = now;
        }
    }

    /// <summary>How long so many messages will take at the rate of the last seconds: 1 to 30 s.</summary>
    public int SecondsFor(int messages) => (int)Math.Clamp(Math.Ceiling(messages / Math.Max(_perSecond, 1)), 1, 30);
}
