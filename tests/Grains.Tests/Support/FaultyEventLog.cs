using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Tests.Support;

/// <summary>
/// An event log to which nothing comes through once the process dies: no message, and no checkpoint, which an orderly stop
/// would save. So what was handed over since the last one is handed over again.
/// </summary>
public sealed class FaultyEventLog(IEventLog inner, Faults faults) : IEventLog
{
    public Task<PartitionHead> OpenAsync(int partition, CancellationToken cancellationToken) =>
        inner.OpenAsync(partition, cancellationToken);

    public Task<AppendResult> AppendAsync(
        int partition,
        ImmutableArray<LogAppend> messages,
        CancellationToken cancellationToken
    ) =>
        faults.Append(
            partition,
            () => faults.IsDead ? throw Gone() : inner.AppendAsync(partition, messages, cancellationToken)
        );

    public Task SaveCheckpointAsync(int partition, long position, CancellationToken cancellationToken) =>
        faults.IsDead ? throw Gone() : inner.SaveCheckpointAsync(partition, position, cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    ) => inner.ReadPartitionAsync(partition, afterPosition, limit, cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadAnchorAsync(
        string anchor,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    ) => inner.ReadAnchorAsync(anchor, afterPosition, limit, cancellationToken);

    public Task<ImmutableArray<LogRow>> FindMessageAsync(string messageId, CancellationToken cancellationToken)
    {
        faults.CountFind();
        return inner.FindMessageAsync(messageId, cancellationToken);
    }

    public Task<ImmutableArray<LogRow>> ReadTimelineAsync(TimelineQuery query, CancellationToken cancellationToken) =>
        inner.ReadTimelineAsync(query, cancellationToken);

    public IAsyncEnumerable<DateTimeOffset> ReadTimesAsync(
        ImmutableArray<string> anchors,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => inner.ReadTimesAsync(anchors, from, to, cancellationToken);

    private static StorageUnavailableException Gone() => new("The test's process is about to die.");
}
