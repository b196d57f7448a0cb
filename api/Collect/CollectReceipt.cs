using Customer360.Api.Receipts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Collect;

/// <summary>What became of one message of a request.</summary>
/// <param name="MessageId">Null where a refused message had none.</param>
/// <param name="Refusal">Why it was not taken, or null.</param>
/// <param name="Duplicate">True: it was stored before, and counts once.</param>
/// <param name="Partition">Where it is stored; with <paramref name="Position"/> its place in the log.</param>
public readonly record struct CollectReceipt(
    string? MessageId,
    Refusal? Refusal,
    bool Duplicate,
    int Partition,
    long Position
)
{
    /// <summary>It was taken and not stored: its person must not be taken in again. The sender is not told.</summary>
    public bool IsSuppressed { get; init; }
}

/// <summary>What became of a whole request.</summary>
/// <param name="Receipts">One per message, in the request's order.</param>
/// <param name="Applied">Whether the profiles show all that was taken; null where that was not asked for.</param>
public sealed record CollectResult(CollectReceipt[] Receipts, bool? Applied)
{
    /// <summary>By place, null where the message was refused: where it went. Null as a whole where that is not told.</summary>
    public MessageOutcome?[]? Outcomes { get; init; }

    /// <summary>The envelopes by place, null where the message was refused: for what was blocked of them.</summary>
    public required Envelope?[] Envelopes { get; init; }

    /// <summary>How many messages were not taken.</summary>
    public int RejectedCount => Receipts.Count(receipt => receipt.Refusal is not null);
}
