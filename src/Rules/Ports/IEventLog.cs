using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>One message to be appended. <paramref name="Payload"/> is the envelope's canonical JSON.</summary>
/// <param name="Position">Its place in the partition, given by the partition's one writer, rising by one.</param>
/// <param name="MessageId">Unique in its partition, for ever.</param>
/// <param name="Anchor">The identifier that it belongs to, as <c>type:value</c>.</param>
/// <param name="Timestamp">When it happened, UTC: what timelines are ordered by.</param>
public sealed record LogAppend(
    long Position,
    string MessageId,
    string Anchor,
    DateTimeOffset Timestamp,
    ReadOnlyMemory<byte> Payload
);

/// <summary>One stored message.</summary>
public sealed record LogRow(
    int Partition,
    long Position,
    string MessageId,
    string Anchor,
    DateTimeOffset Timestamp,
    ReadOnlyMemory<byte> Payload
);

/// <summary>What became of an append.</summary>
/// <param name="Fenced">
/// True: another writer has moved the partition's head; nothing was stored and this writer must stop.
/// </param>
/// <param name="Duplicates">
/// Per appended message, in order: 0 where it was stored, else the position of the stored message with this id.
/// </param>
public sealed record AppendResult(bool Fenced, ImmutableArray<long> Duplicates);

/// <summary>Where a partition stands.</summary>
/// <param name="NextPosition">The position that the next append must begin with (the first is 1).</param>
/// <param name="Checkpoint">Every message up to here has been handed to its customer; redelivery starts behind it.</param>
public sealed record PartitionHead(int Partition, long NextPosition, long Checkpoint);

/// <summary>A part of the timeline of some anchors.</summary>
/// <param name="Anchors">As <c>type:value</c>.</param>
/// <param name="From">Inclusive, by <see cref="LogRow.Timestamp"/>.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Descending">True: newest first.</param>
/// <param name="Limit">Rows at most.</param>
/// <param name="After">Go on behind this row (the last one of the page before), or null for the first page.</param>
public sealed record TimelineQuery(
    ImmutableArray<string> Anchors,
    DateTimeOffset From,
    DateTimeOffset To,
    bool Descending,
    int Limit,
    TimelineCursor? After
);

/// <summary>A place in a timeline: rows are ordered by time, then partition, then position.</summary>
public sealed record TimelineCursor(DateTimeOffset Timestamp, int Partition, long Position);

/// <summary>
/// The immutable log of accepted messages, in partitions with one writer each. The port that storage implements.
/// </summary>
/// <remarks>
/// A call that completes is durable. A storage outage ends in <see cref="StorageUnavailableException"/>, and then the
/// caller does not know whether its write was stored; it must ask again (<see cref="OpenAsync"/>) before it goes on.
/// </remarks>
public interface IEventLog
{
    /// <summary>Reads a partition's head, creating it when the partition is new.</summary>
    Task<PartitionHead> OpenAsync(int partition, CancellationToken cancellationToken);

    /// <summary>
    /// Appends messages at consecutive positions, the first of which must be the partition's next position. A message
    /// whose id the partition already holds (of any age, or earlier in this call) is left out; its position stays empty.
    /// </summary>
    Task<AppendResult> AppendAsync(
        int partition,
        ImmutableArray<LogAppend> messages,
        CancellationToken cancellationToken
    );

    /// <summary>Moves the partition's checkpoint forward (never back).</summary>
    Task SaveCheckpointAsync(int partition, long position, CancellationToken cancellationToken);

    /// <summary>Reads a partition in order, behind <paramref name="afterPosition"/>, <paramref name="limit"/> rows at most.</summary>
    Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Reads one anchor's messages in order of position, behind <paramref name="afterPosition"/>. Calls that arrive
    /// together are answered by one query.
    /// </summary>
    Task<ImmutableArray<LogRow>> ReadAnchorAsync(
        string anchor,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The stored messages with this id, by partition: none, or one; more only where a sender gave one id to messages of
    /// different anchors, since an id is unique in its partition. Calls that arrive together are answered together.
    /// </summary>
    Task<ImmutableArray<LogRow>> FindMessageAsync(string messageId, CancellationToken cancellationToken);

    /// <summary>Reads one page of a timeline, in time order, exact also for late messages.</summary>
    Task<ImmutableArray<LogRow>> ReadTimelineAsync(TimelineQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the times alone of all messages of some anchors, rising: what sessions are cut from. Streamed, so that a
    /// long history needs little memory.
    /// </summary>
    IAsyncEnumerable<DateTimeOffset> ReadTimesAsync(
        ImmutableArray<string> anchors,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );
}
