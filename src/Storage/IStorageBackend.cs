using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage;

/// <summary>What a database does for the ports: batches of writes, batches of single reads, and the longer reads.</summary>
internal interface IStorageBackend : IAsyncDisposable
{
    /// <summary>Migrates the schema and gets ready. Called once before anything else.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Ends the upkeep that uses the pipelines, before they are drained.</summary>
    Task StopMaintenanceAsync();

    /// <summary>Transactions that it may carry out side by side.</summary>
    int CommitLanes { get; }

    /// <summary>Carries out all requests in one transaction, or throws and none of them is done.</summary>
    ValueTask CommitAsync(int lane, IReadOnlyList<PipelineWork> batch);

    /// <summary>Answers single reads together.</summary>
    ValueTask ReadAsync(int lane, IReadOnlyList<PipelineWork> batch);

    StorageFailure Classify(Exception exception);

    Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>One page of the states of a kind that has a table of its own, by key.</summary>
    Task<ImmutableArray<ScannedState>> ReadStatesAsync(
        string kind,
        string afterKey,
        int limit,
        CancellationToken cancellationToken
    );

    Task<ImmutableArray<LogRow>> ReadTimelineAsync(TimelineQuery query, CancellationToken cancellationToken);

    /// <summary>One page of times behind a place in the timeline, rising.</summary>
    Task<ImmutableArray<TimelineCursor>> ReadTimesAsync(TimelineQuery query, CancellationToken cancellationToken);

    Task<ImmutableArray<DecisionRecord>> ReadDecisionsAsync(
        string customerId,
        DecisionCursor? after,
        int limit,
        CancellationToken cancellationToken
    );

    Task<DecisionRecord?> FindDecisionAsync(string id, CancellationToken cancellationToken);

    Task<ImmutableArray<StoredReminder>> ReadRemindersAsync(ReminderFilter filter, CancellationToken cancellationToken);

    Task<ImmutableArray<QuarantinedMessage>> ReadQuarantineAsync(
        QuarantineCursor? after,
        int limit,
        CancellationToken cancellationToken
    );
}

/// <summary>Which reminders: all (null), a grain's, or one.</summary>
internal sealed record ReminderFilter(string? GrainType, string? GrainKey, string? Name);
