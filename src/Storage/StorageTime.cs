namespace Customer360.Storage;

/// <summary>Times are kept as whole microseconds since 1970, UTC, on both databases; finer parts are cut off.</summary>
internal static class StorageTime
{
    public static long ToMicroseconds(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return Math.DivRem(ticks, TimeSpan.TicksPerMicrosecond, out long rest) - (rest < 0 ? 1 : 0);
    }

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>The first whole microsecond that is not before the time: for the bounds of a range.</summary>
    public static long ToMicrosecondsUp(DateTimeOffset time)
    {
        long floor = ToMicroseconds(time);
        return FromMicroseconds(floor).UtcTicks < time.UtcTicks ? floor + 1 : floor;
    }
}
