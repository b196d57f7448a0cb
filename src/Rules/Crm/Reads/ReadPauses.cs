namespace Customer360.Rules.Crm.Reads;

/// <summary>When to come again after a failure.</summary>
public static class ReadPauses
{
    private const int DoublingsMax = 20;

    private static readonly TimeSpan s_retryAfterMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retryAfterMax = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lock = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    /// <summary>How long to wait; null: nothing is asked any more until the program starts anew.</summary>
    /// <param name="inARow">The failures since the last success, this one among them.</param>
    /// <param name="now">The end of a day is counted from here.</param>
    public static TimeSpan? After(ReadFailure failure, int inARow, DateTimeOffset now) =>
        failure switch
        {
            { Fault: ReadFault.TokenRefused } => null,
            { RetryAfter: { } said } => Clamp(said, s_retryAfterMin, s_retryAfterMax),
            { Fault: ReadFault.DailyLimitReached, UtcOffset: { } offset } => UntilMidnight(now, offset),
            // Somebody has to change something elsewhere, or the CRM's day has to end: an hour is soon enough to see it.
            { Fault: ReadFault.DailyLimitReached or ReadFault.PermissionMissing or ReadFault.Redirected } => s_hour,
            // It is known without a call.
            { Fault: ReadFault.AccountOther } => s_minute,
            { Fault: ReadFault.LimitReached } => Min((failure.Window ?? s_first) * Math.Max(inARow, 1), s_longest),
            { Fault: ReadFault.Locked } => Min(s_lock * Math.Max(inARow, 1), s_longest),
            { Fault: ReadFault.RequestRefused or ReadFault.AnswerTooLarge or ReadFault.MessageRefused } => Min(
                Doubled(inARow),
                s_hour
            ),
            _ => Min(Doubled(inARow), s_longest),
        };

    private static TimeSpan Doubled(int inARow) => s_first * (1L << Math.Clamp(inARow - 1, 0, DoublingsMax));

    private static TimeSpan UntilMidnight(DateTimeOffset now, TimeSpan offset)
    {
        TimeSpan timeOfDay = (now.UtcDateTime + offset).TimeOfDay;
        return Clamp(TimeSpan.FromDays(1) - timeOfDay, s_retryAfterMin, s_retryAfterMax);
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan min, TimeSpan max) =>
        value < min ? min
        : value > max ? max
        : value;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
