using System.Text.Json;
using Customer360.Rules.Outcomes;

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
    private const string Rule = "a time as in RFC 3339, from 1970 to 2200";

    private static readonly TimeSpan FutureMax = TimeSpan.FromHours(24);
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2201, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static MessageFieldInvalid? Find(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        in MessageContext context,
        out DateTimeOffset time
    )
    {
        time = context.ReceivedAt.ToUniversalTime();
        if (!TryRead(message, fields.OriginalTimestamp, out DateTimeOffset? original))
        {
            return new MessageFieldInvalid("originalTimestamp", Rule);
        }

        if (!TryRead(message, fields.Timestamp, out DateTimeOffset? timestamp))
        {
            return new MessageFieldInvalid("timestamp", Rule);
        }

        if (!TryRead(message, fields.SentAt, out DateTimeOffset? sentAt))
        {
            return new MessageFieldInvalid("sentAt", Rule);
        }

        if ((original ?? timestamp) is not { } happened)
        {
            return null;
        }

        DateTimeOffset believed = (sentAt ?? context.SentAt) is { } sent ? time - (sent - happened) : happened;
        bool isPossible = believed >= Earliest && believed <= time + FutureMax;
        time = isPossible ? believed : time;
        return null;
    }

    /// <summary>False for what is no time. Absent, null and empty are no time given.</summary>
    private static bool TryRead(ReadOnlySpan<byte> message, JsonSlice field, out DateTimeOffset? time)
    {
        time = null;
        if (!field.IsPresent)
        {
            return true;
        }

        ReadOnlySpan<byte> content = field.ContentOf(message);
        if (field.Type != JsonTokenType.String)
        {
            return false;
        }

        if (content.IsEmpty)
        {
            return true;
        }

        bool isTime = Rfc3339.TryParse(content, out DateTimeOffset read) && read >= Earliest && read < Latest;
        time = isTime ? read : null;
        return isTime;
    }
}
