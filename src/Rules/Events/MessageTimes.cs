namespace Customer360.Rules.Events;

/// <summary>When a message happened.</summary>
/// <remarks>
/// A device's clock may be wrong by years, but its two readings are wrong alike; so the time is
/// <c>receivedAt - (sentAt - originalTimestamp)</c> (Segment's spec). <c>timestamp</c> stands in for
/// <c>originalTimestamp</c>: SDKs send one or the other. Without <c>sentAt</c> the time is taken as given (imports of
/// old events), without any time it is receivedAt. A result that can't be, before 1970 or more than 24 hours after
/// receivedAt, comes from a clock that was set between the two readings, or from a mistake. Then receivedAt stands in:
/// a trait from the year 2150 would win over every later one until then.
/// </remarks>
internal static class MessageTimes
{
    private static readonly TimeSpan s_futureMax = TimeSpan.FromHours(24);

    /// <summary>The time; what can't be read or can't be is left out.</summary>
    public static DateTimeOffset Find(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        in MessageContext context,
        ref LeftOutParts leftOut
    )
    {
        DateTimeOffset receivedAt = context.ReceivedAt.ToUniversalTime();
        DateTimeOffset? original = Read(message, fields.OriginalTimestamp, "originalTimestamp", ref leftOut);
        DateTimeOffset? timestamp = Read(message, fields.Timestamp, "timestamp", ref leftOut);
        DateTimeOffset? sentAt = Read(message, fields.SentAt, "sentAt", ref leftOut);
        if (context.HasUnreadableSentAt && !fields.SentAt.IsPresent)
        {
            leftOut.Add("sentAt", LeftOutReasons.NotATime);
        }

        DateTimeOffset? sent = sentAt ?? context.SentAt;
        return Believed(original, sent, receivedAt, "originalTimestamp", ref leftOut)
            ?? Believed(timestamp, sent, receivedAt, "timestamp", ref leftOut)
            ?? receivedAt;
    }

    private static DateTimeOffset? Believed(
        DateTimeOffset? happened,
        DateTimeOffset? sentAt,
        DateTimeOffset receivedAt,
        string name,
        ref LeftOutParts leftOut
    )
    {
        if (happened is not { } at)
        {
            return null;
        }

        // In ticks: two times of which one is thousands of years off must not overflow.
        long ticks = sentAt is { } sent ? receivedAt.UtcTicks - (sent.UtcTicks - at.UtcTicks) : at.UtcTicks;
        if (IsPossible(ticks, receivedAt))
        {
            return new DateTimeOffset(ticks, TimeSpan.Zero);
        }

        // Where the other reading alone can't be, there is nothing to correct by: the time is as good as one without it.
        bool isOther =
            sentAt is { } other && !IsPossible(other.UtcTicks, receivedAt) && IsPossible(at.UtcTicks, receivedAt);
        leftOut.Add(isOther ? "sentAt" : name, LeftOutReasons.ImpossibleTime);
        return isOther ? at.ToUniversalTime() : null;
    }

    private static bool IsPossible(long ticks, DateTimeOffset receivedAt) =>
        ticks > DateTimeOffset.UnixEpoch.UtcTicks && ticks <= (receivedAt + s_futureMax).UtcTicks;

    private static DateTimeOffset? Read(
        ReadOnlySpan<byte> message,
        JsonSlice field,
        string name,
        ref LeftOutParts leftOut
    )
    {
        DateTimeOffset? time = SentTime.Read(message, field, out string? fault);
        if (fault is not null)
        {
            leftOut.Add(name, fault);
        }

        return time;
    }
}
