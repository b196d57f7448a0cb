using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Pipelines;

namespace Customer360.Storage;

/// <summary>What a database does for the ports: batches of writes, batches of single reads, and the longer reads.</summary>
internal interface IStorageBackend : IAsyncDisposable
{
    /// <summary>Migrates the schema and gets ready. Called once before anything else.</summary>
    /// <returns>The key of <see cref="AuditHash"/>.</returns>
    Task<byte[]> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Ends the upkeep that uses the pipelines, before they are drained.</summary>
    Task StopMaintenanceAsync();

    /// <summary>Transactions that it may carry out side by side.</summary>
    int CommitLanes { get; }

    /// <summary>Carries out all requests in one transaction, or throws and none of them is done.</summary>
    ValueTask CommitAsync(int lane, IReadOnlyList<PipelineWork> batch);

    /// <summary>Answers single reads together.</summary>
    ValueTask ReadAsync(int lane, IReadOnlyList<PipelineWork> batch);

    StorageFailure Classify(Exception exception);

    /// <summary>Why <see cref="OpenAsync"/> failed; null where the database did not fail but this program has an error.</summary>
    OpeningFailure? ExplainOpening(Exception exception);

    Task<ImmutableArray<LogRow>> ReadPartitionAsync(
        int partition,
        long afterPosition,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>One page of the states of a kind, by key.</summary>
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

    /// <inheritdoc cref="ILeadList.ReadAsync"/>
    Task<ImmutableArray<LeadRow>> ReadLeadsAsync(LeadQuery query, CancellationToken cancellationToken);

    /// <inheritdoc cref="IAudienceList.ReadAsync"/>
    Task<ImmutableArray<AudienceRow>> ReadMembersAsync(
        string audience,
        string after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <inheritdoc cref="IAudienceList.ReadSizesAsync"/>
    Task<ImmutableArray<AudienceSize>> ReadAudienceSizesAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="IAudienceList.CountBothAsync"/>
    Task<long> CountInBothAsync(string one, string other, CancellationToken cancellationToken);

    /// <inheritdoc cref="IAudienceList.ReadChangesAsync"/>
    Task<ImmutableArray<AudienceChangeRow>> ReadMemberChangesAsync(
        string audience,
        AudienceChangePlace after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <inheritdoc cref="IAudienceList.ReadLastChangeAsync"/>
    Task<long> ReadLastMemberChangeAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="INameList.CountAsync"/>
    Task<ImmutableArray<int>> CountNamesAsync(
        ImmutableArray<string> words,
        int limit,
        CancellationToken cancellationToken
    );

    /// <inheritdoc cref="INameList.LookAsync"/>
    Task<NameLookPage> LookAtNamesAsync(NameLook look, CancellationToken cancellationToken);

    /// <inheritdoc cref="INameList.IsBackfillOwedAsync"/>
    Task<bool> IsNameBackfillOwedAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="IOutbox.ReadAsync"/>
    Task<ImmutableArray<DeliveryRow>> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken);

    /// <inheritdoc cref="IOutbox.ReadStandingAsync"/>
    Task<OutboxStanding> ReadOutboxStandingAsync(string destination, CancellationToken cancellationToken);

    /// <inheritdoc cref="IOutbox.ReadNextAsync"/>
    Task<(DateTimeOffset? OldestAt, DateTimeOffset? NextAt)> ReadOutboxNextAsync(
        string destination,
        CancellationToken cancellationToken
    );

    Task<ImmutableArray<SuppressionEntry>> ReadSuppressionsAsync(
        long afterSequence,
        int limit,
        CancellationToken cancellationToken
    );

    /// <inheritdoc cref="IAuditReader.ReadBackAsync"/>
    Task<ImmutableArray<AuditRow>> ReadAuditAsync(
        int? chain,
        long before,
        int limit,
        CancellationToken cancellationToken
    );

    /// <inheritdoc cref="IErasureStore.EraseLogAsync"/>
    Task<ErasurePiece> EraseLogAsync(int partition, string after, ILogJudge judge, CancellationToken cancellationToken);

    /// <inheritdoc cref="IErasureStore.EraseDecisionsAsync"/>
    Task<ErasurePiece> EraseDecisionsAsync(string after, IDecisionJudge judge, CancellationToken cancellationToken);

    /// <inheritdoc cref="IErasureStore.SealAsync"/>
    Task SealAsync(ImmutableArray<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken);

    /// <inheritdoc cref="IAuditReader.ReadHeadAsync"/>
    Task<AuditHead> ReadAuditHeadAsync(CancellationToken cancellationToken);
}

/// <summary>Says which reminders are meant: all (null), a grain's, or one.</summary>
internal sealed record ReminderFilter(string? GrainType, string? GrainKey, string? Name);
