using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Api.Profiles;

/// <summary>
/// The opaque cursors of timelines, sessions and histories: times, log positions, hashes, and so no personal data. A cursor picks a
/// page of the profile that the request names, never another one's, so it needs no signature. It is bound to its caller before it
/// is sent (<see cref="Access.CallerCursors"/>).
/// </summary>
internal static class ProfilesCursor
{
    private const byte TimelineForm = 1;
    private const byte SessionsForm = 2;
    private const byte HistoryForm = 3;

    public static string Write(TimelineRequest request, TimelinePlace next) =>
        new CursorWriter(TimelineForm)
            .Time(request.From)
            .Time(request.To)
            .Small(request.Descending ? 1 : 0)
            .Time(next.Timestamp)
            .Number(next.Partition)
            .Number(next.Position)
            .ToString();

    /// <summary>The request for the page that the cursor points at; null where it is not one of ours.</summary>
    public static TimelineRequest? Read(string cursor, int limit)
    {
        var reader = new CursorReader(cursor, TimelineForm);
        var request = new TimelineRequest(
            reader.Time(),
            reader.Time(),
            reader.Small(most: 1) == 1,
            limit,
            new TimelinePlace(reader.Time(), reader.SmallerNumber(), reader.Number())
        );
        return reader.IsWhole ? request : null;
    }

    public static string Write(SessionsRequest request, DateTimeOffset next) =>
        new CursorWriter(SessionsForm).Time(request.From).Time(request.To).Time(next).ToString();

    /// <inheritdoc cref="Read"/>
    public static SessionsRequest? ReadSessions(string cursor, int limit)
    {
        var reader = new CursorReader(cursor, SessionsForm);
        var request = new SessionsRequest(reader.Time(), reader.Time(), limit, reader.Time());
        return reader.IsWhole ? request : null;
    }

    /// <summary>Of a history: a time, a step, and a decision's id, which is a hash.</summary>
    public static string Write(HistoryPlace next) =>
        new CursorWriter(HistoryForm).Time(next.At).Small(next.Step).Text(next.DecisionId).ToString();

    /// <summary>The place behind which the page begins; null where the cursor is not one of ours.</summary>
    public static HistoryPlace? ReadHistory(string cursor)
    {
        var reader = new CursorReader(cursor, HistoryForm);
        var place = new HistoryPlace(reader.Time(), reader.Small(HistoryPlace.StepMax), reader.Text());
        return reader.IsWhole ? place : null;
    }
}
