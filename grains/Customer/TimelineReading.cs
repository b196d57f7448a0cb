using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// Reads a customer's timeline page by page, in the order in which the profile counts: by time, and at equal times by
/// arrival. Storage orders messages of one time by partition, which depends on their anchors; so a time that may go beyond
/// the edge of a page is read whole, and the page takes its part of it.
/// </summary>
internal sealed class TimelineReading(IEventLog log, ImmutableArray<string> anchors, TimelineRequest request)
    : IComparer<TimelineReading.Row>
{
    /// <summary>
    /// Messages of one microsecond that are put in order. An import may have more of one date; those stand as storage has
    /// them, and no page holds one twice.
    /// </summary>
    private const int OneTimeMax = 1_000;

    private static readonly TimeSpan s_oneTime = TimeSpan.FromMicroseconds(1);

    public async Task<TimelineReply> ReadPage(CancellationToken cancellationToken)
    {
        // One more than asked for tells whether there is a next page.
        int wanted = request.Limit + 1;
        List<Row> page = [];
        TimelineCursor? after = request.Cursor is { } place
            ? new TimelineCursor(place.Timestamp, place.Partition, place.Position)
            : null;
        (DateTimeOffset from, DateTimeOffset to) = (request.From, request.To);
        if (
            after is not null
            && await ReadTime(after.Timestamp, cancellationToken) is { } began
            && began.FindIndex(row => row.Place == new LogPlace(after.Partition, after.Position)) is >= 0 and var shown
        )
        {
            page.AddRange(began.Skip(shown + 1).Take(wanted));
            (from, to) = request.Descending ? (from, after.Timestamp) : (after.Timestamp + s_oneTime, to);
            after = null;
        }

        if (page.Count < wanted)
        {
            page.AddRange(await ReadOn(from, to, wanted - page.Count, after, cancellationToken));
        }

        bool hasMore = page.Count == wanted;
        Row[] shownRows = [.. page.Take(request.Limit)];
        return new TimelineReply(
            null,
            // What lies in quarantine counts for nobody; a page may be shorter for it.
            [.. shownRows.Select(row => row.Message).Where(message => !message.IsHeld)],
            hasMore
                ? new TimelinePlace(shownRows[^1].StoredAt, shownRows[^1].Place.Partition, shownRows[^1].Place.Position)
                : null
        );
    }

    /// <summary>The next rows, in order; so many, or fewer at the end.</summary>
    private async Task<IEnumerable<Row>> ReadOn(
        DateTimeOffset from,
        DateTimeOffset to,
        int count,
        TimelineCursor? after,
        CancellationToken cancellationToken
    )
    {
        List<Row> rows = await Read(from, to, count, after, cancellationToken);
        int sorted = rows.Count;
        if (
            rows.Count == count
            && rows.FindIndex(row => row.StoredAt == rows[^1].StoredAt) is var first
            && first < count - 1
        )
        {
            // The last row is one of several of its time, of which storage may have given some.
            List<Row>? whole = await ReadTime(rows[^1].StoredAt, cancellationToken);
            sorted = whole is null ? first : first + whole.Count;
            if (whole is not null)
            {
                rows.RemoveRange(first, count - first);
                rows.AddRange(whole);
            }
        }

        rows.Sort(0, sorted, this);
        return rows.Take(count);
    }

    /// <summary>All messages of one time, in order; null where they are too many.</summary>
    private async Task<List<Row>?> ReadTime(DateTimeOffset storedAt, CancellationToken cancellationToken)
    {
        List<Row> rows = await Read(storedAt, storedAt + s_oneTime, OneTimeMax + 1, after: null, cancellationToken);
        rows.Sort(this);
        return rows.Count > OneTimeMax ? null : rows;
    }

    private async Task<List<Row>> Read(
        DateTimeOffset from,
        DateTimeOffset to,
        int limit,
        TimelineCursor? after,
        CancellationToken cancellationToken
    )
    {
        var query = new TimelineQuery(anchors, from, to, request.Descending, limit, after);
        return [.. (await log.ReadTimelineAsync(query, cancellationToken)).Select(row => new Row(row))];
    }

    public int Compare(Row? left, Row? right)
    {
        int byTime = left!.Message.Timestamp.CompareTo(right!.Message.Timestamp);
        int order = byTime != 0 ? byTime : left.Arrival.CompareTo(right.Arrival);
        return request.Descending ? -order : order;
    }

    /// <param name="StoredAt">The message's time in whole microseconds, as storage orders by it.</param>
    internal sealed record Row(DateTimeOffset StoredAt, LogPlace Place, Envelope Message)
    {
        public Row(LogRow row)
            : this(row.Timestamp, new LogPlace(row.Partition, row.Position), EnvelopeReader.FromJson(row.Payload)) { }

        public Arrival Arrival { get; } = Arrival.Of(Message, Place);
    }
}
