using System.Buffers.Binary;
using System.Buffers.Text;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Payloads;

/// <summary>
/// The opaque cursors of timelines and sessions: times and log positions, and so no personal data. A cursor picks a
/// page of the profile that the request names, never another one's, so it needs no signature.
/// </summary>
internal static class ProfilesCursor
{
    private const byte TimelineForm = 1;
    private const byte SessionsForm = 2;
    private const int TimelineLength = 1 + 8 + 8 + 1 + 8 + 4 + 8;
    private const int SessionsLength = 1 + 8 + 8 + 8;

    public static string Write(TimelineRequest request, TimelinePlace next)
    {
        Span<byte> bytes = stackalloc byte[TimelineLength];
        bytes[0] = TimelineForm;
        WriteTime(bytes[1..], request.From);
        WriteTime(bytes[9..], request.To);
        bytes[17] = request.Descending ? (byte)1 : (byte)0;
        WriteTime(bytes[18..], next.Timestamp);
        BinaryPrimitives.WriteInt32BigEndian(bytes[26..], next.Partition);
        BinaryPrimitives.WriteInt64BigEndian(bytes[30..], next.Position);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The request for the page that the cursor points at; null where it is not one of ours.</summary>
    public static TimelineRequest? Read(string cursor, int limit)
    {
        Span<byte> bytes = stackalloc byte[TimelineLength];
        if (!Decode(cursor, bytes, TimelineForm) || bytes[17] > 1)
        {
            return null;
        }

        return ReadTime(bytes[1..]) is { } from && ReadTime(bytes[9..]) is { } to && ReadTime(bytes[18..]) is { } at
            ? new TimelineRequest(
                from,
                to,
                bytes[17] == 1,
                limit,
                new TimelinePlace(
                    at,
                    BinaryPrimitives.ReadInt32BigEndian(bytes[26..]),
                    BinaryPrimitives.ReadInt64BigEndian(bytes[30..])
                )
            )
            : null;
    }

    public static string Write(SessionsRequest request, DateTimeOffset next)
    {
        Span<byte> bytes = stackalloc byte[SessionsLength];
        bytes[0] = SessionsForm;
        WriteTime(bytes[1..], request.From);
        WriteTime(bytes[9..], request.To);
        WriteTime(bytes[17..], next);
        return Base64Url.EncodeToString(bytes);
    }

    /// <inheritdoc cref="Read"/>
    public static SessionsRequest? ReadSessions(string cursor, int limit)
    {
        Span<byte> bytes = stackalloc byte[SessionsLength];
        return
            Decode(cursor, bytes, SessionsForm)
            && ReadTime(bytes[1..]) is { } from
            && ReadTime(bytes[9..]) is { } to
            && ReadTime(bytes[17..]) is { } before
            ? new SessionsRequest(from, to, limit, before)
            : null;
    }

    private static bool Decode(string cursor, Span<byte> bytes, byte form) =>
        Base64Url.IsValid(cursor, out int length)
        && length == bytes.Length
        && Base64Url.TryDecodeFromChars(cursor, bytes, out _)
        && bytes[0] == form;

    private static void WriteTime(Span<byte> bytes, DateTimeOffset time) =>
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.UtcTicks);

    private static DateTimeOffset? ReadTime(ReadOnlySpan<byte> bytes)
    {
        long ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }
}
