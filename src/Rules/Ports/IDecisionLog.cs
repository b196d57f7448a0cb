using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>A recorded choice with its reasons.</summary>
/// <param name="Id">Derived from what caused it, so that a repeat after a crash is the same record.</param>
/// <param name="Kind">One of <see cref="Decisions.DecisionKinds"/>, or another that a newer release has written.</param>
/// <param name="CustomerId">The customer that it is about (of a merge: the one that survives).</param>
/// <param name="OtherCustomerId">Of a merge: the customer that was merged away; else null.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Payload">Its inputs, rule version and reasons: <see cref="Decisions.DecisionPayload"/>.</param>
public sealed record DecisionRecord(
    string Id,
    string Kind,
    string CustomerId,
    string? OtherCustomerId,
    DateTimeOffset At,
    ReadOnlyMemory<byte> Payload
);

/// <summary>The log of decisions. Writing a decision again (same id) changes nothing.</summary>
public interface IDecisionLog
{
    Task AppendAsync(ImmutableArray<DecisionRecord> decisions, CancellationToken cancellationToken);

    /// <summary>The decision with this id, or null.</summary>
    Task<DecisionRecord?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Reads a customer's decisions (as survivor or as merged away), oldest first.</summary>
    Task<ImmutableArray<DecisionRecord>> ReadAsync(
        string customerId,
        DecisionCursor? after,
        int limit,
        CancellationToken cancellationToken
    );
}

/// <summary>A place in a customer's decisions: they are ordered by time, then id.</summary>
public sealed record DecisionCursor(DateTimeOffset At, string Id);
