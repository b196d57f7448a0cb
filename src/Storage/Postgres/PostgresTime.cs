namespace Customer360.Storage.Postgres;

/// <summary>Times as PostgreSQL keeps them: whole microseconds, UTC.</summary>
internal static class PostgresTime
{
    public static DateTime Store(DateTimeOffset time) =>
        StorageTime.FromMicroseconds(StorageTime.ToMicroseconds(time)).UtcDateTime;

    /// <summary>A bound of a range. The greatest time is sent as infinity.</summary>
    public static DateTime Bound(DateTimeOffset time)
    {
        long microseconds = StorageTime.ToMicrosecondsUp(time);
        return microseconds > StorageTime.ToMicroseconds(DateTimeOffset.MaxValue)
            ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)
            : StorageTime.FromMicroseconds(microseconds).UtcDateTime;
    }

    public static DateTimeOffset Read(DateTime stored) => new(DateTime.SpecifyKind(stored, DateTimeKind.Utc));
}
