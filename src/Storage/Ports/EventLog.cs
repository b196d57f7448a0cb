using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;
using Customer360.Storage.Work;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IEventLog"/>
internal sealed class EventLog(CommitLanes commits, ReadPipeline reads, IStorageBackend backend) : IEventLog
{
    /// <summary>Partitions are numbered 0 to this.</summary>
    public const int PartitionMax = (1 << 22) - 1;

    /// <summary>Positions of a partition run from 1 to this.</summary>
    public const long PositionMax = (1L << 40) - 1;

    /// <summary>Rows at most of one page of any read.</summary>
    public const int PageRowsMax = 10_000;

    private const int TimesPageRows = 1_000;

    public Task<PartitionHead> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        CheckPartition(partition);
        return commits.SubmitAsync(new OpenPartitionWork(partition), cancellationToken);
    }

    public Task<AppendResult> AppendAsync(
        int partition,
        ImmutableArray<LogAppend> messages,
        CancellationToken cancellationToken
    )
    {
        CheckPartition(partition);
        if (messages.IsDefaultOrEmpty)
        {
            return Task.FromResult(AppendWork.AllStored(0));
        }

        CheckMessages(messages);
        return commits.SubmitAsync(new AppendWork(partition, messages), cancellationToken);
    }

    public Task SaveCheckpointAsync(int partition, long position, CancellationToken cancellationToken)
    {
        CheckPartition(partition);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return commits.SubmitAsync(new CheckpointWork(partition, position), cancellationToken);
    }

    public Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    )
    {
        CheckPartition(partition);
        CheckPage(afterPosition, limit);
        return backend.ReadPartitionAsync(partition, afterPosition, limit, cancellationToken);
    }

    public Task<ImmutableArray<LogRow>> ReadAnchorAsync(
        string anchor,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    )
    {
        StorageText.Check(anchor, nameof(anchor));
        CheckPage(afterPosition, limit);
        return reads.SubmitAsync(new AnchorReadWork(anchor, afterPosition, limit), cancellationToken);
    }

    public Task<ImmutableArray<LogRow>> FindMessageAsync(string messageId, CancellationToken cancellationToken)
    {
        StorageText.Check(messageId, nameof(messageId));
        return reads.SubmitAsync(new MessageReadWork(messageId), cancellationToken);
    }

    public Task<ImmutableArray<LogRow>> ReadTimelineAsync(TimelineQuery query, CancellationToken cancellationToken)
    {
        CheckPage(0, query.Limit);
        TimelineQuery clean = query with { Anchors = CheckAnchors(query.Anchors) };
        return clean.Anchors.IsEmpty
            ? Task.FromResult(ImmutableArray<LogRow>.Empty)
            : backend.ReadTimelineAsync(clean, cancellationToken);
    }

    public async IAsyncEnumerable<DateTimeOffset> ReadTimesAsync(
        ImmutableArray<string> anchors,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ImmutableArray<string> clean = CheckAnchors(anchors);
        TimelineQuery query = new(clean, from, to, Descending: false, TimesPageRows, After: null);
        bool more = !clean.IsEmpty;
        while (more)
        {
            ImmutableArray<TimelineCursor> page = await backend.ReadTimesAsync(query, cancellationToken);
            foreach (TimelineCursor place in page)
            {
                yield return place.Timestamp;
            }

            more = page.Length == query.Limit;
            query = more ? query with { After = page[^1] } : query;
        }
    }

    /// <summary>The anchors without repeats: each row is read once.</summary>
    private static ImmutableArray<string> CheckAnchors(ImmutableArray<string> anchors)
    {
        foreach (string anchor in anchors)
        {
            StorageText.Check(anchor, nameof(anchors));
        }

        return anchors.Length > 1 ? [.. anchors.Distinct(StringComparer.Ordinal)] : anchors;
    }

    private static void CheckMessages(ImmutableArray<LogAppend> messages)
    {
        long position = messages[0].Position;
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1, nameof(messages));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position + messages.Length, PositionMax, nameof(messages));
        foreach (LogAppend message in messages)
        {
            if (message.Position != position)
            {
                throw new ArgumentException("Positions must rise by one.", nameof(messages));
            }

            StorageText.Check(message.MessageId, nameof(messages));
            StorageText.Check(message.Anchor, nameof(messages));
            StorageText.CheckBytes(message.Payload, StorageText.PayloadBytesMax, nameof(messages));
            position++;
        }
    }

    private static void CheckPartition(int partition)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partition, PartitionMax);
    }

    private static void CheckPage(long afterPosition, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterPosition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(afterPosition, PositionMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, PageRowsMax);
    }
}
