using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Api.Payloads;

/// <summary>
/// The opaque cursors of timelines, sessions and histories: times, log positions, hashes, and so no personal data. A cursor picks a
/// page of the profile that the request names, never another one's, so it needs no signature.
/// </summary>
internal static class ProfilesCursor
{
    private const byte TimelineForm = 1;
    private const byte SessionsForm = 2;
    private const byte HistoryForm = 3;
    private const int HistoryHead = 1 + 8 + 1;
    private const int HistoryIdMax = 1_024;
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

    /// <summary>Of a history: a time, a step, and a decision's id, which is a hash.</summary>
    public static string Write(HistoryPlace next)
    {
        byte[] bytes = new byte[HistoryHead + Encoding.UTF8.GetByteCount(next.DecisionId)];
        bytes[0] = HistoryForm;
        WriteTime(bytes.AsSpan(1), next.At);
        bytes[9] = (byte)next.Step;
        Encoding.UTF8.GetBytes(next.DecisionId, bytes.AsSpan(HistoryHead));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The place behind which the page begins; null where the cursor is not one of ours.</summary>
    public static HistoryPlace? ReadHistory(string cursor)
    {
        Span<byte> room = stackalloc byte[HistoryHead + HistoryIdMax];
        if (
            !Base64Url.IsValid(cursor, out int length)
            || length <= HistoryHead
            || length > room.Length
            || !Base64Url.TryDecodeFromChars(cursor, room, out _)
            || room[0] != HistoryForm
            || room[9] > HistoryPlace.StepMax
        )
        {
            return null;
        }

        return ReadTime(room[1..]) is { } at
            ? new HistoryPlace(at, room[9], Encoding.UTF8.GetString(room[HistoryHead..length]))
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
